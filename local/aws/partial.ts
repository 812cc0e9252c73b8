import { jsonBody, jsonResponse, type AwsRequest, type AwsResponse, type AwsService } from "./protocols.ts";

type RequestItems = Readonly<Record<string, { readonly Keys: readonly unknown[] }>>;

/** BatchGetItem of a throttled table: serves the first key and returns all others as unprocessed. */
export async function partialBatch(request: AwsRequest, service: AwsService): Promise<AwsResponse> {
  const items = jsonBody(request)["RequestItems"] as RequestItems;
  const [first] = Object.entries(items);
  const total = Object.values(items).reduce((sum, { Keys }) => sum + Keys.length, 0);
  if (first === undefined || total < 2) return jsonResponse({ Responses: {}, UnprocessedKeys: items });

  const [table, { Keys, ...options }] = first;
  const served = { ...jsonBody(request), RequestItems: { [table]: { ...options, Keys: Keys.slice(0, 1) } } };
  const rest = { ...items, [table]: { ...options, Keys: Keys.slice(1) } };
  const unprocessed = Object.fromEntries(Object.entries(rest).filter(([, { Keys: keys }]) => keys.length > 0));
  const response = await service({ ...request, body: Buffer.from(JSON.stringify(served)) });
  if (response.status !== 200) return response;
  const answer = JSON.parse(response.body.toString()) as object;
  return jsonResponse({ ...answer, UnprocessedKeys: unprocessed });
}
