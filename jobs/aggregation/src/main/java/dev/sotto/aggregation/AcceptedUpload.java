package dev.sotto.aggregation;

/**
 * An upload that counts.
 *
 * @param site the site
 * @param root its Merkle root, 32 bytes
 * @param timestamp the broker's append time of its manifest
 * @param manifest the signed manifest's envelope as it came
 */
public record AcceptedUpload(String site, byte[] root, long timestamp, byte[] manifest) {
    UploadRoot upload() {
        return new UploadRoot(site, root);
    }
}
