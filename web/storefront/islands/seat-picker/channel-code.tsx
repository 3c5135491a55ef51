import { useState } from "preact/hooks";

import { BusyButton } from "../../components/busy-button.tsx";
import { sayRefusal, useBuyingWords } from "../booking/use-buying-words.ts";
import { keepChannelKey, tryChannelKey, useChannelKey } from "./channel-key.ts";

type Channels = readonly { channel: string; name: string }[];

/** A field for the code of a channel that is open; in its place, who has given one is told so. */
export function ChannelCode({ showId, channels }: { showId: string; channels: Channels }) {
  const words = useBuyingWords().channel;
  const key = useChannelKey(showId);
  if (key === undefined) return <CodeForm {...{ showId, channels }} />;
  const { name } = channels.find(({ channel }) => channel === key.channel) ?? { name: key.channel };
  return (
    <p class="channel-code" role="status">
      {words.opened(name)}{" "}
      <button type="button" class="act" onClick={() => keepChannelKey(showId, undefined)}>
        {words.close}
      </button>
    </p>
  );
}

function CodeForm({ showId, channels }: { showId: string; channels: Channels }) {
  const words = useBuyingWords();
  const [refusal, setRefusal] = useState("");
  const [isAsking, setIsAsking] = useState(false);

  async function send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const field = (name: string) => {
      const value = form.get(name);
      return typeof value === "string" ? value.trim() : "";
    };
    const key = { channel: field("channel"), code: field("code") };
    if (isAsking || key.code === "") return undefined;
    setIsAsking(true);
    setRefusal("");
    const code = await tryChannelKey(showId, key);
    setIsAsking(false);
    return setRefusal(code === undefined ? "" : sayRefusal(words, code));
  }

  const only = channels.length === 1 ? channels[0] : undefined;
  return (
    <form class="channel-code" onSubmit={(event) => void send(event)}>
      {only ? (
        <input type="hidden" name="channel" value={only.channel} />
      ) : (
        <label>
          {words.channel.channel}
          <select name="channel">
            {channels.map(({ channel, name }) => (
              <option key={channel} value={channel}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      <label>
        {only ? words.channel.codeOf(only.name) : words.channel.code}
        <input name="code" autocomplete="off" autocapitalize="characters" spellcheck={false} />
      </label>
      <BusyButton class="act" isBusy={isAsking}>
        {isAsking ? words.channel.asking : words.channel.use}
      </BusyButton>
      <p class="told" role="alert">
        {refusal}
      </p>
    </form>
  );
}
