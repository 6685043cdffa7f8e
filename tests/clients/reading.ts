// Code as a caller writes it with the generated types; it is checked, not run.
import type { components, paths } from "./fees";

type Preview = paths["/v1/quotes/preview"]["post"];
type Quote = components["schemas"]["Quote"];
type Answer = Preview["responses"][200]["content"]["application/json"];
type Refusal = Preview["responses"][422]["content"]["application/problem+json"];

export function net(answer: Answer): number {
  const quote: Quote = answer;
  return quote.months.flatMap((month) => month.lines).reduce((sum, line) => sum + line.net, 0) - quote.totals.net;
}

export function first(refusal: Refusal): string {
  return refusal.errors.map((error) => `${error.pointer}: ${error.code}`).join() + refusal.request_id;
}

export const wishes: NonNullable<Preview["parameters"]["query"]> = { require_eligible: true };
export const asked: Pick<components["schemas"]["QuoteRequest"], "apis" | "months"> = { apis: ["A"], months: 60 };
