/* The console's HTTP API. Every failure is an ApiError with the server's title, which words.failure() puts in words. */

import { locale } from "./store/preferences.js";

const BASE = "/console/api/";
let csrf = "";
let onSignedOut = () => {};

export class ApiError extends Error {
  constructor(status, title, detail = "", retryAfterSeconds = 0) {
    super(`${title}: ${detail}`);
    Object.assign(this, { status, title, detail, retryAfterSeconds });
  }
}

/** The token that every write carries, and what to do when the session has ended. */
export function open(token, signedOut) {
  csrf = token ?? "";
  onSignedOut = signedOut;
}

export const get = (path, query = {}) => call("GET", path, { query });
export const post = (path, body = {}, query = {}) => call("POST", path, { body, query });
export const put = (path, body) => call("PUT", path, { body });
export const patch = (path, body) => call("PATCH", path, { body });
export const remove = (path) => call("DELETE", path);
export const upload = (path, file) => call("POST", path, { file });

/** "conversations/web%3Aabc/take" of ("conversations", "web:abc", "take"). */
export function at(...parts) {
  return parts.map(encodeURIComponent).join("/");
}

/** A random id of our own. `crypto.randomUUID` exists only on https and localhost; a console may be served on neither. */
export function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function call(method, path, { query = {}, body, file } = {}) {
  const response = await ask(address(path, query), { method, body: file ?? (body && JSON.stringify(body)), headers: headers(method, body, file) });
  if (response.ok) return response.status === 204 ? null : response.json();
  const error = await failure(response);
  if (error.title === "Signed out") onSignedOut();
  throw error;
}

async function ask(url, options) {
  try {
    return await fetch(url, { ...options, credentials: "same-origin" });
  } catch {
    throw new ApiError(0, "Offline");
  }
}

function address(path, query) {
  const url = new URL(BASE + path, location.origin);
  const given = Object.entries({ language: locale.value, ...query });
  for (const [name, value] of given) if (value !== "" && value != null) url.searchParams.set(name, value);
  return url;
}

function headers(method, body, file) {
  return {
    ...(method !== "GET" && { "X-CSRF-Token": csrf }),
    ...(body && { "Content-Type": "application/json" }),
    ...(file && { "Content-Type": file.type || "application/octet-stream" }),
  };
}

async function failure(response) {
  const wait = Number(response.headers.get("Retry-After")) || 0;
  const told = await response.json().catch(() => ({}));
  return new ApiError(response.status, told.title ?? "Failed", told.detail ?? "", wait);
}
