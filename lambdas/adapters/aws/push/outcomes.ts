import { STRIKE_WINDOW_MS } from "../../../core/push/device.ts";
import type { Outcomes } from "../../../ports/push.ts";
import type { FullDynamo } from "../client/aws-client.ts";
import { breakerRow, isTenant, toSeconds } from "../shared/dynamo-keys.ts";
import { dynamoTable } from "../shared/dynamo-table.ts";
import { time, toBreaker } from "./device-row.ts";

const MINUTE_MS = 60_000;
/** A minute's count is kept for an hour, in ms. */
const COUNT_LIFE_MS = 3_600_000;
/** A breaker's row is kept until the last mark that it discredits no longer counts, in ms. */
const BREAKER_LIFE_MS = 2 * 86_400_000;

/** Ignores an event that is older than the device's last change: events may come late. */
const notSince = (mark: string) => `(attribute_not_exists(${mark}) OR ${mark} <= :at)`;

/** Device rows found by endpoint ARN, and the breakers, in the core table. */
export function dynamoOutcomes(client: FullDynamo, table: string): Outcomes {
  const core = dynamoTable(client, table);
  const device = (key: string) => ({ pk: key, sk: "DEVICE" });

  return {
    async find(endpointArn) {
      const { rows } = await core.query({
        index: "byEndpoint",
        keys: "endpointArn = :endpointArn",
        values: { endpointArn },
        limit: 1,
      });
      if (rows[0] === undefined) return undefined;
      const key = String(rows[0]["pk"]);
      const row = await core.get(device(key));
      // The index shows changes late: the row may have another endpoint by now.
      if (row?.["endpointArn"] !== endpointArn) return undefined;
      return {
        key,
        app: String(row["app"]),
        goodSince: time(row["goodSince"]),
        enabledAt: time(row["enabledAt"]),
        tenants: Object.keys(row).filter((name) => isTenant(name)),
      };
    },

    async markGone(key, at) {
      const marked = await core.update(device(key), {
        change: "SET goneAt = :at",
        when: `attribute_exists(pk) AND attribute_not_exists(goneAt) AND ${notSince("enabledAt")} AND ${notSince("liftedAt")}`,
        values: { at },
      });
      return marked !== undefined;
    },

    async forgetEndpoint(key, endpointArn) {
      await core.update(device(key), {
        change: "REMOVE endpointArn",
        when: "endpointArn = :endpointArn",
        values: { endpointArn },
      });
    },

    async strike(key, tenant, at) {
      const names = { tenant };
      const struck = await core.update(device(key), {
        change: "SET #tenant.strikes = #tenant.strikes + :one, #tenant.struckAt = :at",
        when: "#tenant.countedFrom > :window",
        names,
        values: { one: 1, at, window: at - STRIKE_WINDOW_MS },
      });
      if (struck !== undefined) return;
      await core.update(device(key), {
        change: "SET #tenant.strikes = :one, #tenant.countedFrom = :at, #tenant.struckAt = :at",
        when: "attribute_exists(#tenant)",
        names,
        values: { one: 1, at },
      });
    },

    async countDisabled(app, at) {
      const key = { pk: breakerRow(app).pk, sk: `MINUTE#${Math.floor(at / MINUTE_MS)}` };
      const count = {
        change: "ADD #count :one SET #ttl = :ttl",
        values: { one: 1, ttl: toSeconds(at + COUNT_LIFE_MS) },
      };
      return Number((await core.update(key, count, "UPDATED_NEW"))?.["count"] ?? 0);
    },

    breakerOf: async (app) => toBreaker(await core.get(breakerRow(app))),

    async openBreaker(app, { openedAt, openUntil }) {
      await core.update(breakerRow(app), {
        change: "SET openedAt = :openedAt, openUntil = :openUntil, #ttl = :ttl",
        values: { openedAt, openUntil, ttl: toSeconds(openUntil + BREAKER_LIFE_MS) },
      });
    },
  };
}
