package dev.sotto.site;

/** An entity as a file has it: offsets into the text (UTF-16), the end exclusive, and the file's word for its kind. */
record NamedSpan(int start, int end, String kind) {}
