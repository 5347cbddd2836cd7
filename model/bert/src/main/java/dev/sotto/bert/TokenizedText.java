package dev.sotto.bert;

/**
 * A text, or pair of texts, as token ids from [CLS] to the last [SEP].
 *
 * @param ids unpadded
 * @param firstLength how many of them belong to the first text, its special ones included; all if there is no second
 * @param wordStarts for every token that begins a word of the first text the offset of the word's first character, -1 for
 *     all others
 * @param wordEnds for the same tokens the offset after the word's last character
 */
record TokenizedText(long[] ids, int firstLength, int[] wordStarts, int[] wordEnds) {
    int length() {
        return ids.length;
    }

    /** Whether a token begins a word of the first text. */
    boolean beginsWord(int token) {
        return wordStarts[token] >= 0;
    }
}
