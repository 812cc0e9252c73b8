/** Files that esbuild puts into a bundle as text (`with { type: "text" }`). */
declare module "*.css" {
  const text: string;
  export default text;
}
declare module "*.svg" {
  const text: string;
  export default text;
}
declare module "*.pem" {
  const text: string;
  export default text;
}
