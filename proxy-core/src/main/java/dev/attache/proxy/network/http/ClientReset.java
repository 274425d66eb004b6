package dev.attache.proxy.network.http;

import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.stream.ResponseFlag;
import dev.attache.proxy.stream.StreamInfo;
import org.jspecify.annotations.Nullable;

/** What the log says of a stream that its client, or the client's connection, has ended. Pure. */
final class ClientReset {

    private ClientReset() {}

    /**
     * A reset has the last word, also after a response has begun.
     *
     * @param ofCodec the codec's own explanation, or null
     */
    static void explain(ResetReason why, @Nullable String ofCodec, StreamInfo info) {
        String otherwise = "http2.remote_reset";
        ResponseFlag flag = ResponseFlag.DR;
        if (why == ResetReason.CONNECTION_TERMINATION) {
            flag = ResponseFlag.DC;
            otherwise = disconnect(info.downstream().localCloseReason());
        } else if (why == ResetReason.OVERLOAD_MANAGER) {
            flag = ResponseFlag.OM;
            otherwise = "overload";
        } else if (why == ResetReason.PROTOCOL_ERROR) {
            flag = ResponseFlag.DPE;
            otherwise = "codec_error";
        }
        info.flag(flag);
        info.responseCodeDetails(ofCodec != null ? ofCodec : otherwise);
    }

    /**
     * @param reason of a connection that was closed on this side, or null
     */
    private static String disconnect(@Nullable String reason) {
        return reason == null
                ? "downstream_remote_disconnect"
                : "downstream_local_disconnect(" + reason + ")";
    }
}
