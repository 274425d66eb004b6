package dev.attache.filters.http.ratelimit;

import dev.attache.filters.ratelimit.LimitAnswer.Status;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.pipeline.LocalReply.Field;
import dev.attache.proxy.ratelimit.Descriptor;
import java.util.List;

/** {@code x-ratelimit-*} of draft 03, as the service's statuses give them. Pure. */
final class LimitHeaders {
    private static final HeaderName LIMIT = HeaderName.of("x-ratelimit-limit");
    private static final HeaderName REMAINING = HeaderName.of("x-ratelimit-remaining");
    private static final HeaderName RESET = HeaderName.of("x-ratelimit-reset");

    private LimitHeaders() {}

    /**
     * Adds the headers of the limit that is closest to its end.
     *
     * @param told what the service was told, of which the statuses are
     * @param otherwise of descriptors that do not say whether their limit is told
     */
    static void add(
            List<Descriptor> told, List<Status> statuses, boolean otherwise, List<Field> to) {
        int least = least(statuses);
        if (least < 0 || !tells(told, least, otherwise)) {
            return;
        }
        Status closest = statuses.get(least);
        StringBuilder limit = new StringBuilder(64).append(closest.requests());
        for (int i = 0; i < statuses.size(); i++) {
            Status status = statuses.get(i);
            if (status.hasLimit() && status.windowSeconds() > 0 && tells(told, i, otherwise)) {
                limit.append(", ").append(status.requests());
                limit.append(";w=").append(status.windowSeconds());
                if (!status.name().isEmpty()) {
                    limit.append(";name=\"").append(status.name()).append('"');
                }
            }
        }
        to.add(new Field(LIMIT, limit.toString()));
        to.add(new Field(REMAINING, Long.toString(closest.remaining())));
        to.add(new Field(RESET, Long.toString(closest.resetSeconds())));
    }

    /** The first one of those with the fewest requests left; -1 = none has a limit. */
    private static int least(List<Status> statuses) {
        int least = -1;
        for (int i = 0; i < statuses.size(); i++) {
            if (statuses.get(i).hasLimit()
                    && (least < 0
                            || statuses.get(i).remaining() < statuses.get(least).remaining())) {
                least = i;
            }
        }
        return least;
    }

    private static boolean tells(List<Descriptor> told, int index, boolean otherwise) {
        return index < told.size()
                ? switch (told.get(index).headers()) {
                    case UNSPECIFIED -> otherwise;
                    case OFF -> false;
                    case DRAFT_VERSION_03 -> true;
                }
                : otherwise;
    }
}
