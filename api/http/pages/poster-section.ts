import { html } from "hono/html";

import { posterTypes } from "../../../domain/read-poster.ts";
import { posterUrl } from "../poster-view.ts";
import type { Html } from "./page.ts";

/** The poster of a title as people see it, and forms of its own to bring another one or none. */
export function posterSection({
  at,
  version,
  posterHash,
  mayEdit,
}: {
  /** The address of the title's page. */
  at: string;
  version: number;
  posterHash: string | undefined;
  mayEdit: boolean;
}): Html {
  const hasPoster = posterHash !== undefined && posterHash !== "";
  return html`<section class="poster" aria-labelledby="poster-heading">
    <h2 id="poster-heading">Poster</h2>
    ${
      hasPoster
        ? html`<img src="${posterUrl(posterHash)}" alt="The poster of this title" />`
        : html`<p>None yet.</p>`
    }
    ${
      mayEdit
        ? html`<form method="post" action="${at}/poster" enctype="multipart/form-data">
            <input type="hidden" name="version" value="${version}" />
            <label for="poster">PNG, JPEG or WebP, 512 kB and 4,096 pixels a side at most</label>
            <input id="poster" name="poster" type="file" accept="${posterTypes.join(",")}" />
            <div class="acts">
              <button class="act" name="act" value="upload" id="upload-poster">Upload</button>
              ${
                hasPoster
                  ? html`<button class="act" name="act" value="remove" id="remove-poster">
                      Remove
                    </button>`
                  : ""
              }
            </div>
          </form>`
        : ""
    }
  </section>`;
}
