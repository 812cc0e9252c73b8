import { describe, expect, it } from "vitest";
import { mailHandler } from "../../../lambdas/handlers/mail/mail.ts";

function setting({ isEvent = false, fails = false } = {}) {
  const asked: unknown[] = [];
  const note = (what: string) => (id: string) => {
    asked.push([what, id]);
    return fails ? Promise.reject(new Error("down")) : Promise.resolve();
  };
  const handle = mailHandler({
    registration: note("registration"),
    notice: note("notice"),
    sesEvent: () => Promise.resolve(isEvent),
  });
  return { asked, handle };
}

describe("a message of the mail queue", () => {
  it.each(["registration", "notice"])("sends a %s by its id", async (kind) => {
    const { asked, handle } = setting();
    await handle({ kind, id: "5" });
    expect(asked).toEqual([[kind, "5"]]);
  });

  it("from SES itself never sends an email, whatever it contains", async () => {
    const { asked, handle } = setting({ isEvent: true });
    await handle({ kind: "notice", id: "5" });
    expect(asked).toEqual([]);
  });

  it.each([[undefined], [{}], [{ kind: "sesEvent", id: "5" }], [{ kind: "notice" }], [{ kind: "notice", id: 5 }]])(
    "%j is returned to the queue, and nothing is sent",
    async (message) => {
      const { asked, handle } = setting();
      await expect(handle(message)).rejects.toThrow();
      expect(asked).toEqual([]);
    },
  );

  it("comes again if it failed", async () => {
    await expect(setting({ fails: true }).handle({ kind: "notice", id: "5" })).rejects.toThrow("down");
  });
});
