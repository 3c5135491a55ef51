/** How an app is called, and what stands in front of it. */
export type Fetch = (request: Request, ...rest: never[]) => Response | Promise<Response>;
