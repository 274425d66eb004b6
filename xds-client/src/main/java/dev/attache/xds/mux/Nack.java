package dev.attache.xds.mux;

import com.google.rpc.Code;
import com.google.rpc.Status;
import java.util.List;

/**
 * The error detail of a NACK, as Envoy writes it: code 13 (INTERNAL), message cut at 4,096 bytes.
 */
final class Nack {

    private static final int MAX_MESSAGE = 4096;

    private Nack() {}

    static Status of(List<String> errors) {
        return of(String.join("\n", errors));
    }

    static Status of(String message) {
        String cut =
                message.length() > MAX_MESSAGE
                        ? message.substring(0, MAX_MESSAGE) + "...(truncated)"
                        : message;
        return Status.newBuilder().setCode(Code.INTERNAL_VALUE).setMessage(cut).build();
    }
}
