package dev.attache.filters.access_loggers.grpc;

import dev.attache.filters.wire.MessageWriter;
import dev.attache.proxy.stream.ResponseFlag;
import dev.attache.proxy.stream.StreamInfo;

/** {@code envoy.data.accesslog.v3.ResponseFlags}. Stateless. */
final class LoggedFlags {

    private static final int RESPONSE_FLAGS = 16;
    private static final int UNAUTHORIZED_DETAILS = 13;
    private static final int REASON = 1;
    private static final int EXTERNAL_SERVICE = 1;

    /** The message's fields, by our flags; 0 where it has none. */
    private static final int[] FIELDS = fields();

    private LoggedFlags() {}

    static void write(MessageWriter out, StreamInfo info) {
        if (!info.hasAnyFlag()) {
            return;
        }
        int before = out.size();
        int begun = out.begin(RESPONSE_FLAGS);
        int inside = out.size();
        for (ResponseFlag flag : ResponseFlag.values()) {
            if (!info.hasFlag(flag)) {
                continue;
            }
            if (flag == ResponseFlag.UAEX) {
                int details = out.begin(UNAUTHORIZED_DETAILS);
                out.number(REASON, EXTERNAL_SERVICE);
                out.end(details);
            } else if (FIELDS[flag.ordinal()] != 0) {
                out.flag(FIELDS[flag.ordinal()], true);
            }
        }
        if (out.size() == inside) {
            out.truncate(before);
        } else {
            out.end(begun);
        }
    }

    private static int[] fields() {
        int[] fields = new int[ResponseFlag.values().length];
        for (ResponseFlag flag : ResponseFlag.values()) {
            fields[flag.ordinal()] =
                    switch (flag) {
                        case LH -> 1;
                        case UH -> 2;
                        case UT -> 3;
                        case LR -> 4;
                        case UR -> 5;
                        case UF -> 6;
                        case UC -> 7;
                        case UO -> 8;
                        case NR -> 9;
                        case DI -> 10;
                        case FI -> 11;
                        case RL -> 12;
                        case UAEX -> UNAUTHORIZED_DETAILS;
                        case RLSE -> 14;
                        case DC -> 15;
                        case URX -> 16;
                        case SI -> 17;
                        case IH -> 18;
                        case DPE -> 19;
                        case UMSDR -> 20;
                        case RFCF -> 21;
                        case NFCF -> 22;
                        case DT -> 23;
                        case UPE -> 24;
                        case NC -> 25;
                        case OM -> 26;
                        case DF -> 27;
                        case DR -> 28;
                        case DO, UDO -> 0;
                    };
        }
        return fields;
    }
}
