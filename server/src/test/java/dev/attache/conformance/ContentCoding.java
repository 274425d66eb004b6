package dev.attache.conformance;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;

/**
 * Bodies as their readers see them: two encoders may write different bytes for the same content, so
 * what is compared is the content.
 */
final class ContentCoding {
    private ContentCoding() {}

    /** The content, or the bytes themselves where they are not what content-encoding says. */
    static byte[] decoded(Headers headers, byte[] body) {
        String coding = headers.has("content-encoding") ? headers.get("content-encoding") : "";
        try {
            var bytes = new ByteArrayInputStream(body);
            return switch (coding) {
                case "gzip" -> new GZIPInputStream(bytes).readAllBytes();
                case "br" -> {
                    Brotli4jLoader.ensureAvailability();
                    yield new BrotliInputStream(bytes).readAllBytes();
                }
                case "zstd" -> new ZstdInputStream(bytes).readAllBytes();
                default -> body;
            };
        } catch (IOException notCoded) {
            return body;
        }
    }
}
