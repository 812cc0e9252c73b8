interface Place {
  readonly region: string;
  readonly accountId: string;
}

/** ARN of a resource in an account and Region: `arn(stack, "sqs", "name")`. */
export const arn = ({ region, accountId }: Place, service: string, rest: string): string =>
  `arn:aws:${service}:${region}:${accountId}:${rest}`;

/** The name at the end of an ARN or a queue's URL, or the name itself. */
export const nameIn = (address: string): string => address.slice(address.lastIndexOf("/") + 1);
