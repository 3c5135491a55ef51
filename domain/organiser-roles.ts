export const organiserRoles = ["owner", "editor", "seller", "viewer", "door"] as const;
export type OrganiserRole = (typeof organiserRoles)[number];

/**
 * What somebody may do for an organisation. `see`: the catalogue, shows and what is free. `edit the catalogue`: venues, layouts,
 * titles, series, prices. `sell`: block and release seats, give free tickets, move buyers. `change shows`: promo codes, the line, other
 * times, cancelling. `see figures`: what is sold and for how much. `see buyers`: who has bought what. `see actions`: who did what.
 * `admit`: let people in at the door. `undo entries`: take back that somebody was let in.
 */
export const organiserPermissions = [
  "see",
  "edit the catalogue",
  "sell",
  "change shows",
  "see figures",
  "see buyers",
  "see actions",
  "manage members",
  "admit",
  "undo entries",
] as const;
export type OrganiserPermission = (typeof organiserPermissions)[number];

const permissionsOf: Record<OrganiserRole, readonly OrganiserPermission[]> = {
  owner: organiserPermissions,
  editor: [
    ...(["see", "edit the catalogue", "sell", "change shows", "see figures"] as const),
    ...(["see actions", "admit", "undo entries"] as const),
  ],
  seller: ["see", "sell", "see buyers"],
  viewer: ["see", "see figures"],
  door: ["admit"],
};

export function mayDo(role: OrganiserRole, permission: OrganiserPermission): boolean {
  return permissionsOf[role].includes(permission);
}
