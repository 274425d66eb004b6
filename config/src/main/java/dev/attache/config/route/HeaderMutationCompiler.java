package dev.attache.config.route;

import dev.attache.config.accesslog.SubstitutionFormats;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.route.HeaderMutations;
import dev.attache.proxy.route.HeaderMutations.AppendAction;
import dev.attache.proxy.stream.format.CommandFactory;
import dev.attache.proxy.stream.format.Formatter;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code *_headers_to_add} and {@code *_headers_to_remove} of one level. */
public final class HeaderMutationCompiler {
    private HeaderMutationCompiler() {}

    /** What to add and remove of requests, at the fields of that name. */
    static HeaderMutations request(
            List<HeaderValueOption> add, List<String> remove, CompileContext context) {
        return compile(add, "request_headers_to_add", remove, "request_headers_to_remove", context);
    }

    /** What to add and remove of responses, at the fields of that name. */
    static HeaderMutations response(
            List<HeaderValueOption> add, List<String> remove, CompileContext context) {
        return compile(
                add, "response_headers_to_add", remove, "response_headers_to_remove", context);
    }

    /** Additions and removals that stand under the given fields. */
    public static HeaderMutations compile(
            List<HeaderValueOption> add,
            String addField,
            List<String> remove,
            String removeField,
            CompileContext context) {
        if (add.isEmpty() && remove.isEmpty()) {
            return HeaderMutations.NONE;
        }
        List<HeaderMutations.Addition> additions = new ArrayList<>();
        for (int i = 0; i < add.size(); i++) {
            HeaderMutations.Addition addition =
                    addition(add.get(i), List.of(), context.at(addField, i));
            if (addition != null) {
                additions.add(addition);
            }
        }
        List<HeaderName> removals = new ArrayList<>();
        for (int i = 0; i < remove.size(); i++) {
            if (isProtected(remove.get(i))) {
                context.at(removeField, i).error(":-prefixed or host headers may not be removed");
            } else {
                removals.add(HeaderName.of(remove.get(i)));
            }
        }
        return new HeaderMutations(additions, removals, List.of());
    }

    /**
     * Additions under the given field.
     *
     * @param commands what their values may use beyond what is built in
     */
    public static HeaderMutations additions(
            List<HeaderValueOption> add,
            String field,
            List<CommandFactory> commands,
            CompileContext context) {
        List<HeaderMutations.Addition> additions = new ArrayList<>();
        for (int i = 0; i < add.size(); i++) {
            HeaderMutations.Addition addition =
                    addition(add.get(i), commands, context.at(field, i));
            if (addition != null) {
                additions.add(addition);
            }
        }
        return additions.isEmpty()
                ? HeaderMutations.NONE
                : new HeaderMutations(additions, List.of(), List.of());
    }

    /**
     * One header to add.
     *
     * @param commands what its value may use beyond what is built in
     */
    static HeaderMutations.@Nullable Addition addition(
            HeaderValueOption option, List<CommandFactory> commands, CompileContext context) {
        String key = option.getHeader().getKey();
        CompileContext at = context.at("header");
        if (isProtected(key)) {
            at.at("key").error(":-prefixed or host headers may not be modified");
            return null;
        }
        if (!option.getHeader().getRawValue().isEmpty()) {
            at.at("raw_value").warning("has no effect: headers are added by their value");
        }
        Formatter formatter =
                SubstitutionFormats.parse(option.getHeader().getValue(), commands, at.at("value"));
        AppendAction action = action(option, context);
        return formatter == null
                ? null
                : new HeaderMutations.Addition(
                        HeaderName.of(key), formatter, action, option.getKeepEmptyValue());
    }

    @SuppressWarnings("deprecation") // append is what most control planes send
    private static AppendAction action(HeaderValueOption option, CompileContext context) {
        if (option.hasAppend()) {
            if (option.getAppendActionValue() != 0) {
                context.at("append")
                        .error("Both append and append_action are set and it's not allowed");
            }
            return option.getAppend().getValue()
                    ? AppendAction.APPEND_IF_EXISTS_OR_ADD
                    : AppendAction.OVERWRITE_IF_EXISTS_OR_ADD;
        }
        return switch (option.getAppendAction()) {
            case ADD_IF_ABSENT -> AppendAction.ADD_IF_ABSENT;
            case OVERWRITE_IF_EXISTS_OR_ADD -> AppendAction.OVERWRITE_IF_EXISTS_OR_ADD;
            case OVERWRITE_IF_EXISTS -> AppendAction.OVERWRITE_IF_EXISTS;
            case APPEND_IF_EXISTS_OR_ADD, UNRECOGNIZED -> AppendAction.APPEND_IF_EXISTS_OR_ADD;
        };
    }

    private static boolean isProtected(String name) {
        return name.startsWith(":") || name.toLowerCase(Locale.ROOT).equals("host");
    }
}
