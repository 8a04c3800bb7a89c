// Prints what news says of some entities: java -cp 'kafka-libs/*' Consumer.java localhost:9092 Q182477
// Needs kafka-clients and jackson-databind, both of which are in the libs folder of a Kafka download.

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

public class Consumer {
    private static final String TYPE = "wasl.article.enriched.v1";
    private static final int REMEMBERED = 100_000;
    private static final Duration IDLE = Duration.ofSeconds(10);

    public static void main(String[] args) throws Exception {
        Set<String> wanted = Set.copyOf(Arrays.asList(args).subList(1, args.length));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Properties settings = new Properties();
        settings.put("bootstrap.servers", args[0]);
        settings.put("group.id", "example-java");
        settings.put("auto.offset.reset", "earliest");
        // Committed after a batch was handled, so that none is lost; what comes twice is told by its id.
        settings.put("enable.auto.commit", "false");
        ObjectMapper json = new ObjectMapper();
        Set<String> seen = Collections.newSetFromMap(new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                return size() > REMEMBERED;
            }
        });
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of("articles.enriched"));
            long quietSince = System.nanoTime();
            while (System.nanoTime() - quietSince < IDLE.toNanos()) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(500));
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    quietSince = System.nanoTime();
                    if (record.value() == null || !header(record, "ce_type", TYPE).equals(TYPE)) {
                        continue;
                    }
                    if (!seen.add(header(record, "ce_id", place(record)))) {
                        continue;
                    }
                    JsonNode article;
                    try {
                        article = json.readTree(record.value());
                    } catch (IOException e) {
                        System.err.println(place(record) + " is no enriched article: " + e.getMessage());
                        continue;
                    }
                    for (JsonNode entity : article.path("entities")) {
                        if (wanted.contains(entity.path("entity_id").asText())) {
                            out.println(article.path("article_id").asText() + "\t" + entity.path("name").asText());
                        }
                    }
                }
                consumer.commitSync();
            }
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name, String otherwise) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? otherwise : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static String place(ConsumerRecord<byte[], byte[]> record) {
        return record.topic() + "-" + record.partition() + "-" + record.offset();
    }
}
