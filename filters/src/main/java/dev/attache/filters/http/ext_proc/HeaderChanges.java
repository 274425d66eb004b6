package dev.attache.filters.http.ext_proc;

import dev.attache.filters.authorization.HeaderEdit;
import dev.attache.filters.authorization.MutationRules;
import dev.attache.filters.authorization.MutationRules.Operation;
import dev.attache.filters.http.ext_proc.Answer.HeaderChange;
import dev.attache.filters.http.ext_proc.Answer.SetHeader;
import dev.attache.filters.http.ext_proc.ProcessorLog.Effect;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Http2Options;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.route.ClusterSelection;
import dev.attache.proxy.upstream.Cluster;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Changes headers as the processor says, as far as it may. One use.
 *
 * <p>What goes wrong has the words of Envoy's {@code mutation_utils.cc}, which stand in the
 * details.
 */
final class HeaderChanges {

    /** What a message with headers may hold at most. */
    record Limits(int count, long bytes) {

        /** What a message may have where nothing else is known. */
        private static final Limits USUAL = new Limits(100, 60 << 10);

        /** Of a response, what its cluster's hosts may send. */
        static Limits of(Direction direction, FilterContext context, HttpFilterScope scope) {
            ClusterSelection selection = direction == Direction.REQUEST ? null : context.cluster();
            Cluster from = selection == null ? null : scope.clusters().cluster(selection.cluster());
            if (from == null) {
                return USUAL;
            }
            Http2Options limits = from.spec().http().http2();
            return new Limits(limits.maxHeadersCount(), (long) limits.maxHeadersKb() << 10);
        }
    }

    private final MutationRules rules;
    private final ExtProcStats stats;
    private Effect effect = Effect.NONE;

    HeaderChanges(MutationRules rules, ExtProcStats stats) {
        this.rules = rules;
        this.stats = stats;
    }

    /** What has come of it so far. */
    Effect effect() {
        return effect;
    }

    /**
     * Does all of it, up to the first thing that spoils it.
     *
     * @param replaces the whole message is the processor's, which may set its method then
     * @param keepsLength whether {@code content-length} may be set
     * @return what spoils it, or null
     */
    @Nullable String apply(
            HeaderChange change,
            Headers headers,
            boolean replaces,
            boolean keepsLength,
            Limits limits) {
        if (change.removed().size() > limits.count() || change.set().size() > limits.count()) {
            return reject(Effect.TOO_LARGE, "header_mutation_operation_count_exceeds_limit");
        }
        String problem = remove(change, headers);
        if (problem == null) {
            problem = set(change, headers, replaces, keepsLength);
        }
        if (problem != null) {
            return problem;
        }
        boolean fits = headers.byteSize() <= limits.bytes() && headers.size() <= limits.count();
        return fits ? null : reject(Effect.TOO_LARGE, "header_mutation_result_exceeds_limit");
    }

    private @Nullable String remove(HeaderChange change, Headers headers) {
        for (String name : change.removed()) {
            if (!HeaderName.isValid(name)) {
                return reject(Effect.INVALID, "header_mutation_remove_contains_invalid_character");
            }
            String lower = name.toLowerCase(Locale.ROOT);
            if (rules.allows(Operation.REMOVE, lower, "")) {
                if (headers.remove(HeaderName.of(lower)) > 0) {
                    effect = Effect.APPLIED;
                }
            } else if (rules.disallowIsError()) {
                return reject(Effect.FAILED, "header_mutation_remove_headers_failed");
            } else {
                stats.inc(ExtProcStats.Count.REJECTED_HEADER_MUTATIONS);
            }
        }
        return null;
    }

    private @Nullable String set(
            HeaderChange change, Headers headers, boolean replaces, boolean keepsLength) {
        for (SetHeader header : change.set()) {
            HeaderEdit edit =
                    new HeaderEdit(
                            header.name(),
                            header.value(),
                            header.append() ? HeaderEdit.Action.ADD : HeaderEdit.Action.SET);
            String lower = edit.lowerName();
            if (!keepsLength && lower.equals("content-length")) {
                continue;
            }
            if (!edit.isValid()) {
                return reject(Effect.INVALID, "header_mutation_set_contains_invalid_character");
            }
            boolean appends = header.append() && headers.contains(edit.key());
            if (replaces && lower.equals(":method")
                    || rules.allows(
                            appends ? Operation.APPEND : Operation.SET, lower, edit.value())) {
                edit.apply(headers);
                effect = Effect.APPLIED;
            } else if (rules.disallowIsError()) {
                return reject(Effect.FAILED, "header_mutation_set_headers_failed");
            } else {
                stats.inc(ExtProcStats.Count.REJECTED_HEADER_MUTATIONS);
            }
        }
        return null;
    }

    private String reject(Effect as, String problem) {
        stats.inc(ExtProcStats.Count.REJECTED_HEADER_MUTATIONS);
        effect = as;
        return problem;
    }
}
