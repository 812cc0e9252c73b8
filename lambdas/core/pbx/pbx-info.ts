import { stringOf, type Frame } from "./frame.ts";

/** What a PBX reports about itself after login; every text at most 255 characters, at most 50 apis. */
export interface PbxInfo {
  readonly domain?: string;
  readonly pbx?: string;
  readonly pbxDns?: string;
  readonly version?: string;
  readonly build?: string;
  readonly apis: readonly string[];
}

const TEXTS = ["domain", "pbx", "pbxDns", "version", "build"] as const;
const MAX_TEXT = 255;
const MAX_APIS = 50;

/** Reads a PbxInfo. Missing, overlong or wrongly typed members are left out or cut: only people read them. */
export function parsePbxInfo(frame: Frame): PbxInfo {
  const texts = TEXTS.flatMap((name) => {
    const text = stringOf(frame, name);
    return text === undefined ? [] : [[name, cut(text)] as const];
  });
  const raw: unknown = JSON.parse(frame.values.get("apis") ?? "[]");
  const apis = (Array.isArray(raw) ? (raw as unknown[]) : []).filter((api) => typeof api === "string");
  return { ...Object.fromEntries(texts), apis: apis.slice(0, MAX_APIS).map(cut) };
}

/** Leaves no half of a surrogate pair: tables take only well-formed text. */
const cut = (text: string): string => text.slice(0, MAX_TEXT).toWellFormed();
