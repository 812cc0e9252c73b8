import type { Equivalent } from "./equivalent.ts";

export const IN_HANDLERS: readonly Equivalent[] = [
  {
    file: "lambdas/handlers/admin/console/domain.ts",
    original: '""',
    replacement: '"Stryker was here!"',
    because: "that is no address, and no account that could be typed, either",
  },
  {
    file: "lambdas/handlers/admin/console/console.ts",
    original: '""',
    replacement: '"Stryker was here!"',
    because: "that is no note, no count and no form token either",
  },
  {
    file: "lambdas/handlers/admin/console/console.ts",
    original: 'method === "GET" || method === "POST"',
    replacement: "true",
    because: "no route has another method",
  },
  {
    file: "lambdas/handlers/admin/console/lists.ts",
    original: '""',
    replacement: '"Stryker was here!"',
    because: "that is no address either",
  },
  {
    file: "lambdas/handlers/admin/console/sign-in.ts",
    original: '""',
    replacement: '"Stryker was here!"',
    because: "that is no form token either",
  },
  {
    file: "lambdas/handlers/admin/service.ts",
    original: '""',
    replacement: '"Stryker was here!"',
    because: "that is no address either",
  },
  {
    file: "lambdas/handlers/registration/registration.ts",
    original: '""',
    replacement: '"Stryker was here!"',
    because: "that is not a ticket either",
  },
  {
    file: "lambdas/handlers/shared/html.ts",
    original: '""',
    replacement: '"Stryker was here!"',
    because: "that is neither a link nor a page's content type either",
  },
  {
    file: "lambdas/handlers/shared/routes.ts",
    original: '""',
    replacement: '"Stryker was here!"',
    because: "that is not a body's content type either",
  },
  {
    file: "lambdas/handlers/shared/routes.ts",
    original: '(request.headers["content-type"] ?? "").split(";")[0]?.trim',
    replacement: '(request.headers["content-type"] ?? "").split(";")[0].trim',
    because: "a split string always has a first part",
  },
  {
    file: "lambdas/handlers/shared/routes.ts",
    original: "{ return undefined; }",
    replacement: "{}",
    because: "a function that ends returns undefined",
  },
  {
    file: "lambdas/handlers/web/access-links.ts",
    original: '""',
    replacement: '"Stryker was here!"',
    because: "that is not a link and does not have six digits either",
  },
  {
    file: "lambdas/handlers/web/owner.ts",
    original: '""',
    replacement: '"Stryker was here!"',
    because: "that is not a name, address, form token or note either",
  },
];
