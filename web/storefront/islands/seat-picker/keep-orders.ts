/** Orders of the buyer's own that nobody has answered: while there is one, its seats may be theirs. */
export type KeptOrders = {
  areOpen(): boolean;
  /** An order whose result `isOpen` stays open until another is answered, or it is forgotten. */
  keepWhile<Result>(
    order: () => Promise<Result>,
    isOpen: (result: Result) => boolean,
  ): Promise<Result>;
  forget(): void;
};

export function keepOrders(): KeptOrders {
  let underWay = 0;
  let isUnanswered = false;
  return {
    areOpen: () => underWay > 0 || isUnanswered,
    async keepWhile(order, isOpen) {
      underWay += 1;
      try {
        const result = await order();
        isUnanswered = isOpen(result);
        return result;
      } finally {
        underWay -= 1;
      }
    },
    forget() {
      isUnanswered = false;
    },
  };
}
