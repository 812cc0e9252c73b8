import { ListTablesCommand, paginateScan } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { LocalHost } from "../../local/host.ts";
import { dynamoOf } from "../shared/host.ts";

type Row = Readonly<Record<string, unknown>>;
export interface Rows {
  readonly connections: readonly Row[];
  readonly devices: readonly Row[];
}

/** Everything in the tables that a run could have left behind. */
export async function rowsOf(host: LocalHost): Promise<Rows> {
  const client = dynamoOf(host);
  try {
    const { TableNames = [] } = await client.send(new ListTablesCommand({}));
    const scan = async (name: string, prefix: string) => {
      const rows: Row[] = [];
      const TableName = TableNames.find((each) => each.includes(name));
      if (TableName === undefined) throw new Error(`there is no table ${name}`);
      for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true })) {
        rows.push(...Items.map((item) => unmarshall(item)).filter(({ pk }) => String(pk).startsWith(prefix)));
      }
      return rows;
    };
    return { connections: await scan("Sessions", "CONN#"), devices: await scan("Core", "DEVICE#") };
  } finally {
    client.destroy();
  }
}
