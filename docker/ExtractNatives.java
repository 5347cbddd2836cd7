import ai.djl.huggingface.tokenizers.jni.LibUtils;
import dev.sotto.bert.OfflineEngine;

/** Makes DJL unpack its native libraries into DJL_CACHE_DIR, so that containers find them there and unpack nothing. */
final class ExtractNatives {
    public static void main(String[] arguments) {
        OfflineEngine.start();
        LibUtils.checkStatus();
    }
}
