/** A command as the SDK's client received it: `ReceiveMessage`, without `Command`. */
interface Asked {
  readonly operation: string;
  readonly input: unknown;
}

/** A function computes it from the input; an Error is thrown. */
type Answer = Error | Readonly<Record<string, unknown>> | ((input: never) => object);

/** An SDK client that records its calls. Gives answers one after the other and repeats the last. */
export function scriptedSdk<Client>(...answers: readonly Answer[]) {
  const asked: Asked[] = [];
  const left = [...answers];
  const send = (command: { readonly input: object }) => {
    asked.push({ operation: command.constructor.name.replace(/Command$/u, ""), input: command.input });
    const next = (left.length > 1 ? left.shift() : left[0]) ?? {};
    const answer = typeof next === "function" ? next(command.input as never) : next;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return { client: { send } as unknown as Client, asked };
}
