// Prints what news says of some entities: npm install @platformatic/kafka@1.35, then
// node consumer.mjs localhost:9092 Q182477

import { Consumer, MessagesStreamFallbackModes, MessagesStreamModes, stringDeserializers } from '@platformatic/kafka'

const [brokers, ...wanted] = process.argv.slice(2)
const remembered = 100_000
const idle = 10_000
const type = 'wasl.article.enriched.v1'
const seen = new Set()

const consumer = new Consumer({
  groupId: 'example-node',
  clientId: 'example-node',
  bootstrapBrokers: brokers.split(','),
  // The embedded broker forms a group for half as long, which has to be shorter than `idle`.
  sessionTimeout: 10_000,
  deserializers: { ...stringDeserializers, headerKey: (data) => data?.toString(), headerValue: (data) => data?.toString() }
})
const stream = await consumer.consume({
  topics: ['articles.enriched'],
  mode: MessagesStreamModes.COMMITTED,
  fallbackMode: MessagesStreamFallbackModes.EARLIEST,
  // Committed after an article was handled, so that none is lost; what comes twice is told by its id.
  autocommit: false
})
const parse = (text, place) => {
  try {
    return JSON.parse(text)
  } catch (error) {
    console.error(`${place} is no enriched article: ${error.message}`)
  }
}
const quiet = () => stream.close()
let timer = setTimeout(quiet, idle)
for await (const message of stream) {
  clearTimeout(timer)
  timer = setTimeout(quiet, idle)
  const place = `${message.topic}-${message.partition}-${message.offset}`
  const id = message.headers.get('ce_id') ?? place
  if (message.value && (message.headers.get('ce_type') ?? type) === type && !seen.has(id)) {
    seen.add(id)
    if (seen.size > remembered) seen.delete(seen.values().next().value)
    const article = parse(message.value, place)
    for (const entity of Array.isArray(article?.entities) ? article.entities : []) {
      if (wanted.includes(entity?.entity_id)) console.log(`${article.article_id}\t${entity.name}`)
    }
  }
  await message.commit()
}
clearTimeout(timer)
await consumer.close()
