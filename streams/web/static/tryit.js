// The box in which texts are tried: what is linked, and why.
import { $, Problem, api, bdi, h, number, percent, table } from "./dom.js";
import { chips, direction, entityLink, marked } from "./marks.js";

const SAMPLES = {
  ar: ["إنفيديا تفتح مكتباً في الرياض", "قال جنسن هوانغ، الرئيس التنفيذي لإنفيديا، إن المكتب الجديد في الرياض سيفتح هذا العام بالتعاون مع أرامكو. وأضاف هوانغ أن شركة تايوان لصناعة أشباه الموصلات (TSMC) ستصنع الرقائق، وأن سامسونغ ومايكروسوفت من أوائل العملاء."],
  en: ["Nvidia opens an office in Riyadh", "Jensen Huang said on Monday that Nvidia would open an office in Riyadh together with Aramco. Huang thanked TSMC, which builds the chips. Microsoft and the start-up Qalamoun Robotics will be among the first customers, said Satya Nadella."],
};
const WORDS = {
  commonness: "what the name means most often", seen_share: "how often the name was seen meaning it", top: "the commonest of those with this name",
  lead: "how far it leads the others", prior: "how well known it is", early: "an early Wikidata item", obscure: "hardly known at all",
  seen: "how often it was seen", exact: "spelt exactly like a name", exact_marked: "spelt exactly, accents included", lowered: "written in lower case",
  label: "its preferred name", language: "a name in the article's language", untyped: "of no known type", demonym: "an adjective of its people",
  cue: "words around it ask for this type", clash: "words around it ask for another type", related: "related entities are in the text",
  longer: "a longer name of it is in the text", antecedent: "short form of a fuller mention", first_name: "first name of a person in the text",
  first_word: "first word of a fuller mention", contested: "the name belongs to others too", description: "words of its description are in the text",
  bias: "what any span starts with", share: "its share among the candidates", log_share: "its share among the candidates", margin: "how far it is ahead of the second",
  alone: "it has no rival", initial: "first word of a sentence", phrase: "several words in capitals", words: "number of words", caseless: "a script without capitals",
  caseless_word: "one word of a script without capitals", rivals: "number of candidates", acronym: "looks like an acronym", short: "very short",
  variant: "a spelling variant", variant_word: "a spelling variant of one word", clitic: "after a glued particle", from_short: "short form only",
};
const wordsFor = (name) => WORDS[name.replace(/^best_/, "")] ?? name.replace(/^best_/, "").replaceAll("_", " ");

let most = 20_000;
const size = (text) => [...text].length;

export function start(hello) {
  most = hello.max_text;
  const form = $("try-form");
  const count = () => { $("try-count").textContent = `${number(size($("try-text").value))} of ${number(most)} characters`; };
  $("try-text").addEventListener("input", count);
  count();
  for (const button of form.querySelectorAll("[data-sample]")) {
    button.addEventListener("click", () => {
      [$("try-title").value, $("try-text").value] = SAMPLES[button.dataset.sample];
      $("try-language").value = "";
      count();
      form.requestSubmit();
    });
  }
  form.addEventListener("submit", (event) => { event.preventDefault(); send(form); });
}

async function send(form) {
  const said = form.querySelector(".said");
  said.textContent = "";
  const language = $("try-language").value;
  form.setAttribute("aria-busy", "true");
  try {
    show(await api("link", { method: "POST", body: { title: $("try-title").value, text: $("try-text").value, ...(language === "" ? {} : { language }) } }));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    said.textContent = error.message;
  } finally {
    form.removeAttribute("aria-busy");
  }
}

function show(result) {
  const left = result.decisions.filter((each) => each.entity_id === null).length;
  $("try-result").replaceChildren(
    h("h2", {}, `${result.linked} linked, ${result.unlinked} not in the catalogue`),
    h("p", { class: "dim" }, `Language ${result.language}${result.detected ? ", told from the text" : ""}. Choose a name to see its card.`),
    result.title.length > 0 && h("p", { class: "text title", dir: direction(result.language), lang: result.language }, marked(result.title, result.mentions)),
    h("p", { class: "text", dir: direction(result.language), lang: result.language }, marked(result.body, result.mentions)),
    chips(result.entities, result.more_entities, result.language) ?? "");
  $("try-why").replaceChildren(
    h("h2", {}, "Why"),
    h("p", { class: "dim" }, `${number(result.decisions.length)} decisions${left > 0 ? `, ${left} of them against a link` : ""}${result.more_decisions > 0 ? `; ${number(result.more_decisions)} more are not shown` : ""}.`),
    h("div", { class: "whys" }, result.decisions.map(why)));
}

function why(each) {
  const best = each.candidates[0];
  return h("details", { class: "panel why" },
    h("summary", {}, h("b", {}, bdi(each.surface)), h("span", { class: "arrow", "aria-hidden": "true" }, "→"),
      each.entity_id === null ? h("span", {}, h("span", { class: "state warn" }, "no link"), " ", h("span", { class: "dim" }, each.reason)) : h("span", {}, bdi(best?.name ?? each.entity_id), " ", h("span", { class: "mono dim" }, each.entity_id)),
      each.entity_id !== null && h("span", { class: "sure" }, h("span", { class: "bar", "aria-hidden": "true" }, h("span", { class: "fill", "width%": 100 * each.confidence })), percent(each.confidence))),
    h("p", {}, each.entity_id !== null ? `In the ${each.field}; the link is ${percent(each.confidence)} sure.` : `In the ${each.field}. ${each.reason}.`),
    h("h3", {}, "What spoke for and against the link"),
    weights(each.evidence),
    h("h3", {}, "Candidates"),
    table("Candidates", [["Entity"], ["Probability", "n"], ["Score", "n"], ["What counted most"]], each.candidates.map((candidate) => [
      h("a", { href: entityLink(candidate.id) }, bdi(candidate.name), " ", h("span", { class: "mono dim" }, candidate.id)),
      percent(candidate.probability), candidate.score.toFixed(1),
      candidate.features.slice(0, 3).map(([name, value]) => `${wordsFor(name)} ${value > 0 ? "+" : "−"}${Math.abs(value).toFixed(1)}`).join(", "),
    ])));
}

function weights(features) {
  const top = Math.max(1, ...features.map(([, value]) => Math.abs(value)));
  return h("ul", { class: "weights" }, features.slice(0, 8).map(([name, value]) =>
    h("li", {}, h("span", {}, wordsFor(name)), h("span", { class: "bar" }, h("span", { class: `fill ${value < 0 ? "warn" : ""}`, "width%": (100 * Math.abs(value)) / top })),
      h("span", { class: "n" }, `${value > 0 ? "+" : "−"}${Math.abs(value).toFixed(2)}`))));
}
