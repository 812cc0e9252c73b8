/** A route key of an HTTP API, matched against requests: `GET /pages/{name}`, `ANY /{proxy+}`, `$default`. */
export interface HttpRoute<T> {
  readonly key: string;
  readonly target: T;
}
export interface Match<T> {
  readonly route: HttpRoute<T>;
  /** Values of the path's variables, decoded; absent if it has none. */
  readonly pathParameters?: Readonly<Record<string, string>>;
}

/**
 * The route that API Gateway would choose: literal paths before variables before greedy ones, `$default` last; a named
 * method before ANY.
 */
export function selectRoute<T>(routes: readonly HttpRoute<T>[], method: string, path: string): Match<T> | undefined {
  const segments = split(path);
  const matches = routes.flatMap((route) => {
    const [routeMethod, pattern] = route.key.split(" ");
    if (pattern === undefined || (routeMethod !== "ANY" && routeMethod !== method)) return [];
    const parameters = match(split(pattern), segments);
    return parameters === undefined
      ? []
      : [{ route, parameters, rank: rank(split(pattern)) + (routeMethod === "ANY" ? "1" : "0") }];
  });
  const best = matches.sort((a, b) => (a.rank < b.rank ? -1 : 1))[0];
  if (best !== undefined)
    return { route: best.route, ...(Object.keys(best.parameters).length > 0 && { pathParameters: best.parameters }) };
  const fallback = routes.find(({ key }) => key === "$default");
  return fallback && { route: fallback };
}

const split = (path: string) => path.split("/").slice(1);
const isGreedy = (part: string) => part.startsWith("{") && part.endsWith("+}");
const isVariable = (part: string) => part.startsWith("{") && part.endsWith("}");

/** Sort key: literal parts before variables before greedy ones, part by part. */
const rank = (pattern: readonly string[]) =>
  pattern.map((part) => (isGreedy(part) ? "2" : isVariable(part) ? "1" : "0")).join("");

function match(pattern: readonly string[], segments: readonly string[]): Readonly<Record<string, string>> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index];
    if (segment === undefined) return undefined;
    if (isGreedy(part)) {
      parameters[part.slice(1, -2)] = segments.slice(index).map(decode).join("/");
      return parameters;
    }
    if (isVariable(part)) {
      if (segment === "") return undefined;
      parameters[part.slice(1, -1)] = decode(segment);
    } else if (part !== segment) return undefined;
  }
  return pattern.length === segments.length ? parameters : undefined;
}

/** Decodes a part of a path; unchanged if its percent-encoding is invalid. */
export function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
