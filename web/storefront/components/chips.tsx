export type Chip = { label: string; href: string; count?: number | undefined; isChosen: boolean };

/** A choice of links, of which one is where the reader is. */
export function Chips({ name, chips }: { name: string; chips: Chip[] }) {
  return (
    <nav class="chips" aria-label={name}>
      <ul>
        {chips.map(({ label, href, count, isChosen }) => (
          <li key={label}>
            <a href={href} aria-current={isChosen ? "true" : undefined}>
              {label}
              {count !== undefined && <small>{count}</small>}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
