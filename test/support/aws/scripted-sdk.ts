/** A command as the SDK's client got it: `ReceiveMessage`, without `Command`. */
interface Asked {
  readonly operation: string;
  readonly input: unknown;
}

/** A function makes it of the input; an Error is thrown. */
type Answer = Error | Readonly<Record<string, unknown>> | ((input: never) => object);

/** A client of the SDK that notes what it is asked. Answers are given one after the other, the last one again and again. */
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
