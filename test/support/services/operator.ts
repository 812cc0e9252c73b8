import { accountKey } from "../../../lambdas/core/shared/names.ts";
import { operatorCommands } from "../../../lambdas/usecases/admin/commands.ts";
import { operatorQueries } from "../../../lambdas/usecases/admin/queries.ts";
import { connectionCloser } from "../../../lambdas/usecases/domains/close-connections.ts";
import { memorySockets } from "../process/sockets.ts";
import { registrationServices } from "./registration.ts";

/** An operator's commands over domains and their sockets, with the function that closes connections. */
export function operatorServices() {
  const registration = registrationServices();
  const sockets = memorySockets();
  const sweeps = registration.swept;
  const checked: string[] = [];
  const counted: string[] = [];
  const networks = { closed: (source: string) => Promise.resolve(void counted.push(source)) };
  const checks = {
    checkLogin: (id: string, afterSeconds: number) => Promise.resolve(void checked.push(`${id} after ${afterSeconds}`)),
  };
  const watch = connectionCloser({ ...registration, sockets, checks, networks });
  const mailQueue = { registration: (id: string) => Promise.resolve(void registration.queued.push(id)) };
  const txtRecords = { find: () => Promise.resolve([]) };
  const ports = { ...registration, connections: watch, mailQueue, txtRecords };
  const office = { ...operatorCommands(ports), ...operatorQueries({ ...ports, sockets }) };
  const logIn = (connectionId: string, account: string, secretId: string) => {
    const login = { ...accountKey(account), secretId, at: registration.clock.now() };
    sockets.open.set(connectionId, { connectionId, connectedAt: registration.clock.now(), source: "192.0.2.1", login });
  };
  const add = async (key: string) => {
    const added = await office.add({ account: key }, "operator test");
    if (!added.ok) throw new Error(added.error);
    return added.value;
  };
  return {
    ...registration,
    ports,
    sockets,
    checks,
    checked,
    networks,
    counted,
    swept: sweeps,
    watch,
    office,
    logIn,
    add,
  };
}
