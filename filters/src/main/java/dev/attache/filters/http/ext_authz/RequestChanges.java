package dev.attache.filters.http.ext_authz;

import dev.attache.filters.authorization.Decision;
import dev.attache.filters.authorization.HeaderEdit;
import dev.attache.filters.authorization.MutationRules;
import dev.attache.filters.authorization.MutationRules.Operation;
import dev.attache.filters.authorization.QueryEdit;
import dev.attache.filters.http.ext_authz.ExtAuthzSpec.Applying;
import dev.attache.filters.unsendable.UnsendableRequest;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.upstream.Cluster;
import dev.attache.proxy.upstream.stats.ResponseGroup;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an answer changes in a request, as far as it may. Pure. */
final class RequestChanges {
    private RequestChanges() {}

    /** Whether routing may come to another result. */
    static boolean meansAnotherRoute(Decision decision, Applying applying) {
        if (!applying.clearRouteCache() || !decision.changesRequest()) {
            return false;
        }
        Set<String> names = applying.clearingHeaders();
        if (names.isEmpty() || !decision.query().isEmpty() || !decision.queryRemovals().isEmpty()) {
            return true;
        }
        for (HeaderEdit edit : decision.request()) {
            if (names.contains(edit.lowerName())) {
                return true;
            }
        }
        for (String name : decision.requestRemovals()) {
            if (names.contains(name.toLowerCase(Locale.ROOT))) {
                return true;
            }
        }
        return false;
    }

    /** False where the answer is spoiled by something that is not allowed. */
    static boolean apply(Decision decision, Applying applying, Headers request) {
        for (HeaderEdit edit : decision.request()) {
            if (applying.validate() && !edit.isValid()) {
                return false;
            }
            Operation operation =
                    edit.action() == HeaderEdit.Action.APPEND_IF_THERE
                            ? Operation.APPEND
                            : Operation.SET;
            MutationRules rules = applying.rules();
            if (rules == null || rules.allows(operation, edit.lowerName(), edit.value())) {
                edit.apply(request);
            } else if (rules.disallowIsError()) {
                return false;
            }
        }
        return remove(decision.requestRemovals(), applying, request)
                && (!applying.validate() || allValid(decision.response()))
                && query(decision, applying, request);
    }

    /** What is the matter with the first header that was set and that no request may carry. */
    static @Nullable String unsendable(List<HeaderEdit> edits, Headers request) {
        for (HeaderEdit edit : edits) {
            String problem = UnsendableRequest.problem(edit.name(), edit.key(), request);
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    private static boolean remove(List<String> names, Applying applying, Headers request) {
        for (String name : names) {
            String lower = name.toLowerCase(Locale.ROOT);
            MutationRules rules = applying.rules();
            if (applying.validate() && !HeaderName.isValid(name)) {
                continue;
            }
            boolean allowed =
                    rules == null
                            ? !lower.startsWith(":") && !lower.equals("host")
                            : rules.allows(Operation.REMOVE, lower, "");
            if (allowed) {
                request.remove(HeaderName.of(lower));
            } else if (rules != null && rules.disallowIsError()) {
                return false;
            }
        }
        return true;
    }

    static boolean allValid(List<HeaderEdit> edits) {
        for (HeaderEdit edit : edits) {
            if (!edit.isValid()) {
                return false;
            }
        }
        return true;
    }

    private static boolean query(Decision decision, Applying applying, Headers request) {
        if (decision.query().isEmpty() && decision.queryRemovals().isEmpty()) {
            return true;
        }
        if (applying.validate()) {
            for (Decision.QueryValue each : decision.query()) {
                if (!isEncoded(each.key()) || !isEncoded(each.value())) {
                    return false;
                }
            }
        }
        String path = request.getOr(HeaderName.PATH, "");
        request.set(
                HeaderName.PATH, QueryEdit.apply(path, decision.query(), decision.queryRemovals()));
        return true;
    }

    /** What may stand in a query parameter as it is: unreserved characters and percent codes. */
    private static boolean isEncoded(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean plain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!plain && "-_.~%+!*'()".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    /** A refusal counts as an answer of the cluster that the request was for. */
    static void charge(Cluster cluster, int status) {
        cluster.stats().response(ResponseGroup.ALL, status);
        cluster.stats().response(ResponseGroup.INTERNAL, status);
    }
}
