package dev.attache.filters.ratelimit;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.api.Overlay;
import dev.attache.config.core.MetadataValues;
import dev.attache.filters.ratelimit.LimitAnswer.Outcome;
import dev.attache.filters.ratelimit.LimitAnswer.Status;
import dev.attache.filters.wire.MessageWriter;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.pipeline.LocalReply.Field;
import dev.attache.proxy.ratelimit.Descriptor;
import dev.attache.proxy.ratelimit.DescriptorKey;
import dev.attache.proxy.ratelimit.LimitOverride;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code RateLimitRequest} and {@code RateLimitResponse}. Pure. */
final class RateLimitWire {
    private static final int REQUEST_BYTES = 256;

    private static final int DOMAIN = 1;
    private static final int DESCRIPTORS = 2;
    private static final int REQUEST_HITS = 3;

    private static final int ENTRIES = 1;
    private static final int LIMIT = 2;
    private static final int HITS = 3;
    private static final int IS_NEGATIVE = 4;
    private static final int KEY = 1;
    private static final int VALUE = 2;
    private static final int REQUESTS = 1;
    private static final int UNIT = 2;
    private static final int WRAPPED = 1;

    private RateLimitWire() {}

    /**
     * The question.
     *
     * @param hits of descriptors that say nothing; 0 = one
     */
    static ByteBuf request(String domain, List<Descriptor> descriptors, long hits) {
        MessageWriter out = new MessageWriter(REQUEST_BYTES);
        out.octets(DOMAIN, domain);
        for (int i = 0; i < descriptors.size(); i++) {
            int begun = out.begin(DESCRIPTORS);
            write(descriptors.get(i), out);
            out.end(begun);
        }
        out.number(REQUEST_HITS, hits);
        return out.handOver();
    }

    private static void write(Descriptor descriptor, MessageWriter out) {
        DescriptorKey entries = descriptor.key();
        for (int i = 0; i < entries.size(); i++) {
            int entry = out.begin(ENTRIES);
            out.octets(KEY, entries.key(i));
            out.octets(VALUE, entries.value(i));
            out.end(entry);
        }
        LimitOverride limit = descriptor.limit();
        if (limit != null) {
            int begun = out.begin(LIMIT);
            out.number(REQUESTS, limit.requestsPerUnit());
            out.number(UNIT, limit.unit().ordinal());
            out.end(begun);
        }
        if (descriptor.hits() >= 0) {
            int begun = out.begin(HITS);
            out.number(WRAPPED, descriptor.hits());
            out.end(begun);
        }
        out.flag(IS_NEGATIVE, descriptor.refill());
    }

    /** The answer. Bytes that are none are an error. */
    static LimitAnswer response(byte[] bytes) {
        RateLimitResponse response;
        try {
            response = RateLimitResponse.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            return LimitAnswer.ERROR;
        }
        List<Status> statuses = new ArrayList<>(response.getStatusesCount());
        for (RateLimitResponse.DescriptorStatus status : response.getStatusesList()) {
            statuses.add(status(status));
        }
        return new LimitAnswer(
                response.getOverallCode() == RateLimitResponse.Code.OVER_LIMIT
                        ? Outcome.OVER_LIMIT
                        : Outcome.OK,
                statuses,
                fields(response.getResponseHeadersToAddList()),
                fields(response.getRequestHeadersToAddList()),
                response.getRawBody().toString(StandardCharsets.ISO_8859_1),
                MetadataValues.compile(response.getDynamicMetadata()));
    }

    private static Status status(RateLimitResponse.DescriptorStatus status) {
        RateLimitResponse.RateLimit limit = status.getCurrentLimit();
        long multiplier = Overlay.of(limit).number("unit_multiplier");
        return new Status(
                status.getCode() == RateLimitResponse.Code.OVER_LIMIT,
                status.hasCurrentLimit(),
                Integer.toUnsignedLong(limit.getRequestsPerUnit()),
                seconds(limit.getUnit()) * (multiplier == 0 ? 1 : multiplier),
                Octets.of(limit.getName()),
                Integer.toUnsignedLong(status.getLimitRemaining()),
                status.getDurationUntilReset().getSeconds());
    }

    private static long seconds(RateLimitResponse.RateLimit.Unit unit) {
        return switch (unit) {
            case SECOND -> 1;
            case MINUTE -> 60;
            case HOUR -> 3600;
            case DAY -> 86_400;
            case WEEK -> 7 * 86_400;
            case MONTH -> 30 * 86_400;
            case YEAR -> 365 * 86_400;
            case UNKNOWN, UNRECOGNIZED -> 0;
        };
    }

    private static List<Field> fields(List<HeaderValue> headers) {
        List<Field> fields = new ArrayList<>(headers.size());
        for (HeaderValue header : headers) {
            String name = Octets.of(header.getKey()).toLowerCase(Locale.ROOT);
            fields.add(new Field(HeaderName.of(name), Octets.of(header.getValue())));
        }
        return fields;
    }
}
