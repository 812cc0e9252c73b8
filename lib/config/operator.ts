import * as v from "valibot";
import { text } from "./values.ts";

const PAGE = String.raw`https:\/\/[^\s<>"']{3,300}`;
const ADDRESS = String.raw`[^\s@<>"'?&#%:()]+@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+`;

const ownPage = (what: string) =>
  v.optional(text(new RegExp(`^${PAGE}$`, "u"), `https URL of your page ${what}; {language} in it becomes en or de`));

/** Who runs the service, for the foot of every page and the end of every email. */
export const operator = v.strictObject({
  name: v.optional(
    text(/^[^\p{C}<>]{1,60}$/u, 'what pages and emails call the service, such as "Example Telecom Push"'),
  ),
  contact: v.optional(
    text(new RegExp(`^(${PAGE}|${ADDRESS})$`, "u"), "email address, or https URL of your contact page"),
  ),
  help: ownPage("with help"),
  privacy: ownPage("about privacy"),
});
