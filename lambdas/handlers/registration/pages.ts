import type { HttpRequest, HttpResponse } from "../../middleware/http.ts";
import type { Confirmed, RegistrationLink } from "../../usecases/registration/confirm.ts";
import { connectPage, ROOTS_PATH, type CertificateIssuer, type PbxSide } from "../../views/registration/connect.tsx";
import { confirmedPage, overPage, verifyPage } from "../../views/registration/verify.tsx";
import { html, readerOf, refuse } from "../shared/html.ts";
import { assetRoutes, bodyProblem, type Asset, type Problem, type Routes } from "../shared/routes.ts";

const BUSY: Problem = { status: 503, error: "busy", words: ({ busy }) => busy, headers: { "retry-after": "5" } };

interface Addresses {
  readonly publicUrl: string;
  readonly pushUrl: string;
}

/**
 * Without a host name of ours, PBXes connect to the WebSocket API's own address, which serves one path: `…/push/ws` is
 * for those that leave out the last component, this for those that do not (docs/protocol.md, Connection).
 */
export const otherPushUrl = ({ publicUrl, pushUrl }: Addresses): string | undefined =>
  new URL(pushUrl).host === new URL(publicUrl).host ? undefined : pushUrl.replace(/\/ws$/u, "");

/** @param imported the host name's certificate is one that the operator brought (`fallbacks.certificateArn`) */
export function certificateIssuer(pushUrl: string, imported: boolean): CertificateIssuer {
  if (new URL(pushUrl).protocol === "http:") return "none";
  return imported ? "other" : "amazon";
}

/** The file of root certificates for a PBX's trust list, if the service's own certificate has one of them. */
export const rootsAsset = ({ issuer }: PbxSide, body: string): Readonly<Record<string, Asset>> =>
  issuer === "amazon"
    ? {
        [ROOTS_PATH]: {
          type: "application/x-pem-file",
          headers: { "content-disposition": 'attachment; filename="push-root-certificates.pem"' },
          body,
        },
      }
    : {};

/** The pages for people (docs/protocol.md, Registration), and what they load. */
export function pageRoutes(links: RegistrationLink, assets: Readonly<Record<string, Asset>>, pbx: PbxSide): Routes {
  const show = (
    request: HttpRequest,
    link: string,
    outcome: Confirmed | Awaited<ReturnType<RegistrationLink["read"]>>,
  ): HttpResponse => {
    const reader = readerOf(request);
    switch (outcome.kind) {
      case "open":
        return html(200, verifyPage({ ...outcome, link }, reader));
      case "wrong-code":
      case "no-code":
        return html(422, verifyPage({ ...outcome, link }, reader));
      case "confirmed":
        return html(200, confirmedPage(outcome.domain, outcome.replaced, reader));
      case "done":
        return html(200, confirmedPage(outcome.domain, false, reader));
      case "over":
        return html(410, overPage(outcome.newer, reader));
      case "busy":
        return refuse(request, BUSY);
    }
  };

  return {
    "/push/connect": { GET: (request) => html(200, connectPage(readerOf(request), pbx)) },
    "/push/verify": {
      async GET(request) {
        const link = request.query.get("link") ?? "";
        return show(request, link, await links.read(link));
      },
      async POST(request) {
        const refused = bodyProblem(request, "application/x-www-form-urlencoded");
        if (refused) return refuse(request, refused);
        const form = new URLSearchParams(request.body);
        const link = form.get("link") ?? "";
        return show(request, link, await links.confirm(link, form.get("code") ?? "", form.has("replace")));
      },
    },
    ...assetRoutes(assets),
  };
}
