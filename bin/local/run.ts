import { once } from "node:events";
import { startLocalHost, type LocalHost, type LocalHostOptions } from "../../local/host.ts";
import { ensureAssembly } from "../../local/synth.ts";
import { Failure } from "../shared/failure.ts";
import { EXIT } from "../shared/terminal.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Options from PORT, DYNAMODB_ENDPOINT, DNS_SERVERS and LOG. Throws a Failure that names a wrong one. */
export function hostOptions(environment: Environment): LocalHostOptions {
  const { PORT, DYNAMODB_ENDPOINT, DNS_SERVERS, LOG } = environment;
  if (PORT !== undefined && (!/^\d{1,5}$/u.test(PORT) || Number(PORT) > 65_535))
    throw new Failure("port", `PORT must be a number from 0 to 65535, not ${JSON.stringify(PORT)}`, EXIT.usage);
  return {
    ...(PORT !== undefined && { port: Number(PORT) }),
    dynamoDbEndpoint: DYNAMODB_ENDPOINT,
    dnsServers: DNS_SERVERS,
    ...(LOG === "1" && { onLog: ({ function: name, line }) => console.error(`${name}: ${line}`) }),
  };
}

/** Runs the host until SIGINT, SIGTERM or SIGHUP, or until the process that started this one is gone. */
export async function runHost(environment: Environment): Promise<void> {
  const options = hostOptions(environment);
  const ending = endSignal();
  try {
    const { directory, synthesized } = await ensureAssembly(ending);
    if (synthesized) console.error("synthesized the stage local");
    const host = await startLocalHost({ ...options, assembly: directory });
    announce(host);
    if (!ending.aborted) await once(ending, "abort");
    await host.stop();
  } catch (error) {
    if (!ending.aborted) throw error;
  }
}

function announce({ url, wsUrl, standsIn }: LocalHost): void {
  console.log(`ready ${url}`);
  console.log(`  Connect page   ${url}/push/connect`);
  console.log(`  Mailbox        ${url}/_local/mailbox`);
  console.log(`  Phones         ${url}/_local/phones`);
  console.log(`  All the rest   ${url}/_local`);
  console.log(`  Push object    ${wsUrl}`);
  console.log(`  Stand-ins that do nothing here: ${standsIn.join(", ")}`);
}

const PARENT_CHECK_MS = 1_000;

/** Aborts when this process gets a signal to stop, or when its parent was killed. */
function endSignal(): AbortSignal {
  const ending = new AbortController();
  const end = () => ending.abort();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, end);
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && end(), PARENT_CHECK_MS).unref();
  return ending.signal;
}
