// Words for entering, checking and explaining the works, in Chinese.

export const zhWorks = {} as const;
