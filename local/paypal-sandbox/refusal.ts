/** An answer that is an error, in PayPal's envelope. */
export class Refusal extends Error {
  readonly status: number;
  readonly issue: string;
  readonly headers: Record<string, string>;

  constructor(
    status: keyof typeof names,
    issue: string,
    description: string,
    headers: Record<string, string> = {},
  ) {
    super(description);
    this.status = status;
    this.issue = issue;
    this.headers = headers;
  }

  /** `debugId` is the request's. */
  body(debugId: string): object {
    return {
      name: names[this.status as keyof typeof names],
      message: messages[this.status as keyof typeof names],
      debug_id: debugId,
      details: [{ issue: this.issue, description: this.message }],
      links: [],
    };
  }
}

const names = {
  400: "INVALID_REQUEST",
  401: "AUTHENTICATION_FAILURE",
  404: "RESOURCE_NOT_FOUND",
  409: "RESOURCE_CONFLICT",
  422: "UNPROCESSABLE_ENTITY",
  429: "RATE_LIMIT_REACHED",
  500: "INTERNAL_SERVER_ERROR",
} as const;

const messages: Record<keyof typeof names, string> = {
  400: "Request is not well-formed, syntactically incorrect, or violates schema.",
  401: "Authentication failed due to invalid authentication credentials or a missing Authorization header.",
  404: "The specified resource does not exist.",
  409: "The server has detected a conflict while processing this request.",
  422: "The requested action could not be performed, semantically incorrect, or failed business validation.",
  429: "Too many requests. Blocked due to rate limiting.",
  500: "An internal server error has occurred.",
};

/** What business says no to. */
export function refused(issue: string, description: string): Refusal {
  return new Refusal(422, issue, description);
}

export function missing(): Refusal {
  return new Refusal(404, "INVALID_RESOURCE_ID", "Specified resource ID does not exist.");
}

export function invalidBody(description: string): Refusal {
  return new Refusal(400, "INVALID_PARAMETER_SYNTAX", description);
}

export function notAuthenticated(): Refusal {
  return new Refusal(401, "invalid_token", "Token signature verification failed");
}

export function inProgress(): Refusal {
  return new Refusal(
    409,
    "PREVIOUS_REQUEST_IN_PROGRESS",
    "A previous request on this resource is currently in progress.",
  );
}

/** It names the buyer, as a careless server would: nobody may pass that on. */
export function serverFailure(): Refusal {
  return new Refusal(500, "INTERNAL_SERVICE_ERROR", "Failed for payer buyer@example.com");
}

export function tooManyRequests(retryAfterSeconds: number | undefined): Refusal {
  return new Refusal(
    429,
    "RATE_LIMIT_REACHED",
    "Too many requests.",
    retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) },
  );
}
