package dev.sotto.federation;

/**
 * What the protocol of a task has to bear.
 *
 * @param colluding the share of sites that may collude with the server, 0 to 0.33
 * @param dropout the share of announced sites that may be missing in a round, 0 to 0.5
 * @param strikes proven wrongs after which a site is quarantined, at least 1
 * @param quarantineBlocks blocks that a quarantined site is kept out of, at least 1
 */
public record ProtocolSettings(double colluding, double dropout, int strikes, int quarantineBlocks) {
    public ProtocolSettings {
        Check.require(colluding >= 0 && colluding <= 0.33, "protocol.colluding", colluding, "between 0 and 0.33");
        Check.require(dropout >= 0 && dropout <= 0.5, "protocol.dropout", dropout, "between 0 and 0.5");
        Check.require(strikes >= 1, "protocol.strikes", strikes, "at least 1");
        Check.require(quarantineBlocks >= 1, "protocol.quarantineBlocks", quarantineBlocks, "at least 1");
    }
}
