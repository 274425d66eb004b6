package dev.attache.proxy.explain;

import org.jspecify.annotations.Nullable;

/**
 * What a request that was served was, and what became of it. Immutable once it is kept.
 *
 * @param id its {@code x-request-id} as routed, or empty
 * @param endMillis wall clock
 * @param question the same request, asked about
 * @param did what became of it, as the access log says it
 */
public record Decision(String id, long endMillis, Question question, Explanation did) {

    private static final int ENTRY = 512;
    private static final int FIELD = 96;
    private static final int CERTIFICATE = 4096;

    /** Roughly what it holds of the heap. */
    int bytes() {
        long size = ENTRY + 2L * length(question.path()) + length(question.authority());
        for (Question.Field field : question.fields()) {
            size += FIELD + field.name().length() + field.value().length();
        }
        if (question.peer() != null) {
            size += (long) CERTIFICATE * question.peer().chain().size();
        }
        for (Object fact : did.facts().values()) {
            size += FIELD + fact.toString().length();
        }
        return (int) Math.min(size, Integer.MAX_VALUE);
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }
}
