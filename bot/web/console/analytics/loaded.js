/* What a page asks the server for: loading, there, or failed with a way to try again. */

import { useEffect, useState } from "preact/hooks";

import * as api from "../api.js";
import { locale } from "../store/preferences.js";

/** `{ data, error, again }`; what was there stays until the new is. `every`: milliseconds after which to ask again. */
export function useLoaded(path, query = {}, every = 0) {
  const [state, setState] = useState({ data: null, error: null });
  const [round, setRound] = useState(0);
  const key = JSON.stringify([path, query, locale.value]);
  useEffect(() => {
    let isWanted = true;
    api.get(path, query).then(
      (data) => isWanted && setState({ data, error: null }),
      (error) => isWanted && setState((before) => ({ data: every ? before.data : null, error })),
    );
    return () => (isWanted = false);
  }, [key, round]);
  const again = () => setRound((before) => before + 1);
  useEffect(() => {
    if (!every) return undefined;
    const timer = setInterval(() => document.hidden || again(), every);
    return () => clearInterval(timer);
  }, [every]);
  return { ...state, again };
}
