package dev.sotto.quickstart;

import java.util.List;

/**
 * A site of the quickstart and the sample it holds.
 *
 * @param id the site's id
 * @param resource its training rows inside the jar
 * @param what what kind of text it is, for people
 */
record QuickstartSite(String id, String resource, String what) {
    /** Four sites with different data: two hold chat, two hold finance text, each with a majority of one label. */
    static final List<QuickstartSite> ALL = List.of(
            new QuickstartSite("bank-north", "/data/sentfin/bank-north.jsonl", "finance headlines, mostly negative"),
            new QuickstartSite("bank-south", "/data/sentfin/bank-south.jsonl", "finance headlines, mostly positive"),
            new QuickstartSite("care-centre", "/data/goemotions/care-centre.jsonl", "chat, mostly negative"),
            new QuickstartSite("hospital-line", "/data/goemotions/hospital-line.jsonl", "chat, mostly positive"));
}
