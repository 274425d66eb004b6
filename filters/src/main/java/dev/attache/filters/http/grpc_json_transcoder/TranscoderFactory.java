package dev.attache.filters.http.grpc_json_transcoder;

import dev.attache.config.Compiled;
import dev.attache.config.core.DataSources;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.http.grpc_json_transcoder.TranscoderSettings.Delimiter;
import dev.attache.filters.http.grpc_json_transcoder.TranscoderSettings.Requests;
import dev.attache.filters.http.grpc_json_transcoder.TranscoderSettings.Responses;
import dev.attache.filters.http.grpc_json_transcoder.json.JsonPrinter;
import dev.attache.filters.http.grpc_json_transcoder.path.PathMatcher;
import dev.attache.filters.http.grpc_json_transcoder.path.Unescaping;
import dev.attache.filters.http.grpc_json_transcoder.schema.DescriptorSetWire;
import dev.attache.filters.http.grpc_json_transcoder.schema.FieldType;
import dev.attache.filters.http.grpc_json_transcoder.schema.HttpRule;
import dev.attache.filters.http.grpc_json_transcoder.schema.Schema;
import dev.attache.filters.http.grpc_json_transcoder.schema.SchemaException;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The filter in the chain. */
public final class TranscoderFactory
        implements ExtensionCompiler<GrpcJsonTranscoder, HttpFilterSpec> {
    @Override
    public GrpcJsonTranscoder prototype() {
        return GrpcJsonTranscoder.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(GrpcJsonTranscoder proto, CompileContext context) {
        TranscoderSettings settings = settings(proto, context);
        return context.result(settings == null ? null : new TranscoderSpec(settings));
    }

    /** Null where an error was reported. */
    static @Nullable TranscoderSettings settings(GrpcJsonTranscoder proto, CompileContext context) {
        if (proto.getServicesCount() == 0) {
            return settings(proto, new Schema(Map.of(), Map.of()), matcher(proto));
        }
        byte[] descriptors = descriptors(proto, context);
        if (descriptors == null) {
            return null;
        }
        try {
            Schema schema = DescriptorSetWire.read(descriptors, proto.getConvertGrpcStatus());
            PathMatcher<Call.Target> matcher = matcher(proto);
            for (String service : proto.getServicesList()) {
                String wrong = register(service, schema, proto.getAutoMapping(), matcher);
                if (wrong != null) {
                    context.error("transcoding_filter: " + wrong);
                    return null;
                }
            }
            return settings(proto, schema, matcher);
        } catch (SchemaException e) {
            context.error(String.valueOf(e.getMessage()));
            return null;
        }
    }

    private static byte @Nullable [] descriptors(GrpcJsonTranscoder proto, CompileContext context) {
        return switch (proto.getDescriptorSetCase()) {
            case PROTO_DESCRIPTOR ->
                    DataSources.file(proto.getProtoDescriptor(), context.at("proto_descriptor"));
            case PROTO_DESCRIPTOR_BIN -> proto.getProtoDescriptorBin().toByteArray();
            case DESCRIPTORSET_NOT_SET -> {
                context.error("transcoding_filter: descriptor not set");
                yield null;
            }
        };
    }

    private static PathMatcher<Call.Target> matcher(GrpcJsonTranscoder proto) {
        Unescaping unescaping =
                switch (proto.getUrlUnescapeSpec()) {
                    case ALL_CHARACTERS_EXCEPT_SLASH -> Unescaping.ALL_CHARACTERS_EXCEPT_SLASH;
                    case ALL_CHARACTERS -> Unescaping.ALL_CHARACTERS;
                    default -> Unescaping.ALL_CHARACTERS_EXCEPT_RESERVED;
                };
        return new PathMatcher<>(
                new PathMatcher.Options(
                        unescaping,
                        Set.copyOf(proto.getIgnoredQueryParametersList()),
                        proto.getQueryParamUnescapePlus(),
                        proto.getMatchUnregisteredCustomVerb()));
    }

    private static TranscoderSettings settings(
            GrpcJsonTranscoder proto, Schema schema, PathMatcher<Call.Target> matcher) {
        GrpcJsonTranscoder.PrintOptions print = proto.getPrintOptions();
        GrpcJsonTranscoder.RequestValidationOptions validation =
                proto.getRequestValidationOptions();
        Delimiter delimiter =
                print.getStreamNewlineDelimited() ? Delimiter.NEWLINE : Delimiter.LIST;
        return new TranscoderSettings(
                proto.getServicesCount() == 0,
                schema,
                matcher,
                new JsonPrinter(
                        schema,
                        new JsonPrinter.Options(
                                print.getAddWhitespace(),
                                print.getAlwaysPrintPrimitiveFields(),
                                print.getAlwaysPrintEnumsAsInts(),
                                print.getPreserveProtoFieldNames())),
                new Requests(
                        proto.getMatchIncomingRequestRoute(),
                        proto.getIgnoreUnknownQueryParameters(),
                        proto.getCaptureUnknownQueryParameters(),
                        validation.getRejectUnknownMethod(),
                        validation.getRejectUnknownQueryParameters(),
                        validation.getRejectBindingBodyFieldCollisions(),
                        proto.getCaseInsensitiveEnumParsing(),
                        proto.hasMaxRequestBodySize()
                                ? Integer.toUnsignedLong(proto.getMaxRequestBodySize().getValue())
                                : -1),
                new Responses(
                        print.getStreamSseStyleDelimited() ? Delimiter.SSE : delimiter,
                        proto.getConvertGrpcStatus(),
                        proto.hasMaxResponseBodySize()
                                ? Integer.toUnsignedLong(proto.getMaxResponseBodySize().getValue())
                                : -1));
    }

    /** Null, or what is wrong. */
    private static @Nullable String register(
            String service, Schema schema, boolean all, PathMatcher<Call.Target> matcher) {
        List<Schema.Method> methods = schema.services().get(service);
        if (methods == null) {
            return "Could not find '" + service + "' in the proto descriptor";
        }
        for (Schema.Method method : methods) {
            HttpRule own = method.rule();
            HttpRule fallback = all ? HttpRule.post(method.path()) : HttpRule.none();
            HttpRule rule = own != null ? own : fallback;
            String cannot = "Cannot register '" + method.fullName() + "'";
            try {
                Call call = call(method, rule);
                if (!call.responseBody().isEmpty() && !call.rawResponse()) {
                    return cannot
                            + ": Setting \"response_body\" is not supported yet for non-HttpBody"
                            + " fields: "
                            + method.fullName();
                }
                if (!register(rule, call, matcher)) {
                    return cannot + " to path matcher";
                }
            } catch (FieldPaths.Unknown e) {
                return cannot + ": " + e.text();
            }
        }
        return null;
    }

    private static Call call(Schema.Method method, HttpRule rule) throws FieldPaths.Unknown {
        String body = rule.body().equals("*") ? "" : rule.body();
        String answer = rule.responseBody().equals("*") ? "" : rule.responseBody();
        List<FieldType> request = FieldPaths.resolve(method.input(), body);
        List<FieldType> response = FieldPaths.resolve(method.output(), answer);
        return new Call(
                method,
                request,
                isRaw(request, method.input().fullName()),
                response,
                isRaw(response, method.output().fullName()));
    }

    private static boolean isRaw(List<FieldType> path, String message) {
        if (path.isEmpty()) {
            return message.equals(Schema.HTTP_BODY);
        }
        FieldType last = path.getLast();
        return last.message() != null && last.message().fullName().equals(Schema.HTTP_BODY);
    }

    private static boolean register(HttpRule rule, Call call, PathMatcher<Call.Target> matcher) {
        if (!rule.verb().isEmpty()
                && !matcher.add(rule.verb(), rule.path(), new Call.Target(call, rule.body()))) {
            return false;
        }
        for (HttpRule additional : rule.additional()) {
            if (!register(additional, call, matcher)) {
                return false;
            }
        }
        return true;
    }
}
