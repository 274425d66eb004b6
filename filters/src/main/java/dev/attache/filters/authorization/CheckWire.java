package dev.attache.filters.authorization;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import dev.attache.api.Overlay;
import dev.attache.config.core.MetadataValues;
import dev.attache.filters.authorization.Decision.Outcome;
import dev.attache.filters.wire.Utf8;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.InternalAddress;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.address.PipeAddress;
import dev.attache.proxy.connection.CertificateNames;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.connection.TlsInfo;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import io.envoyproxy.envoy.config.core.v3.EnvoyInternalAddress;
import io.envoyproxy.envoy.config.core.v3.HeaderMap;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.Pipe;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.auth.v3.DeniedHttpResponse;
import io.envoyproxy.envoy.service.auth.v3.OkHttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code CheckRequest} and {@code CheckResponse} of {@code envoy.service.auth.v3}. Pure.
 *
 * <p>Longer than files here should be: two messages with all that is in them, and nothing else.
 */
public final class CheckWire {

    /** The service that knows them. */
    public static final String METHOD = "envoy.service.auth.v3.Authorization/Check";

    private static final String PARTIAL_BODY = "x-envoy-auth-partial-body";

    private CheckWire() {}

    /** A {@code CheckRequest}. */
    public static byte[] request(Question question) {
        AttributeContext.Builder attributes = AttributeContext.newBuilder();
        ConnectionInfo connection = question.connection();
        attributes.setSource(source(question, connection));
        attributes.setDestination(destination(question, connection));
        if (question.withTlsSession()) {
            TlsInfo tls = connection.tls();
            String name = tls == null ? null : tls.requestedServerName();
            name = name != null ? name : connection.requestedServerName();
            attributes.setTlsSession(
                    AttributeContext.TLSSession.newBuilder()
                            .setSni(name == null ? "" : Utf8.of(name)));
        }
        Question.Http http = question.http();
        if (http != null) {
            attributes.setRequest(request(http));
        }
        attributes.setMetadataContext(metadata(question.metadata()));
        Map<String, String> extensions = question.contextExtensions();
        if (extensions != null) {
            attributes.putAllContextExtensions(extensions);
            attributes.setRouteMetadataContext(metadata(question.routeMetadata()));
        }
        return CheckRequest.newBuilder().setAttributes(attributes).build().toByteArray();
    }

    private static AttributeContext.Peer.Builder source(
            Question question, ConnectionInfo connection) {
        AttributeContext.Peer.Builder peer = AttributeContext.Peer.newBuilder();
        peer.setAddress(address(connection.remoteAddress()));
        peer.setService(Utf8.of(question.sourceService()));
        TlsInfo tls = connection.tls();
        CertificateNames names = tls == null ? null : tls.peerNames();
        if (names != null) {
            peer.setPrincipal(principal(names));
            if (question.withCertificate()) {
                peer.setCertificate(names.urlEncodedPem());
            }
        }
        return peer;
    }

    private static AttributeContext.Peer.Builder destination(
            Question question, ConnectionInfo connection) {
        AttributeContext.Peer.Builder peer = AttributeContext.Peer.newBuilder();
        peer.setAddress(address(connection.localAddress()));
        peer.setService(Utf8.of(question.destinationService()));
        peer.putAllLabels(question.labels());
        TlsInfo tls = connection.tls();
        CertificateNames names = tls == null ? null : tls.localNames();
        if (names != null) {
            peer.setPrincipal(principal(names));
        }
        return peer;
    }

    private static String principal(CertificateNames names) {
        if (!names.uriSans().isEmpty()) {
            return names.uriSans().getFirst();
        }
        return names.dnsSans().isEmpty() ? names.subject() : names.dnsSans().getFirst();
    }

    private static io.envoyproxy.envoy.config.core.v3.Address.Builder address(Address address) {
        var to = io.envoyproxy.envoy.config.core.v3.Address.newBuilder();
        switch (address) {
            case IpAddress ip ->
                    to.setSocketAddress(
                            SocketAddress.newBuilder()
                                    .setAddress(ip.host())
                                    .setPortValue(ip.port()));
            case PipeAddress pipe -> to.setPipe(Pipe.newBuilder().setPath(pipe.path()));
            case InternalAddress internal ->
                    to.setEnvoyInternalAddress(
                            EnvoyInternalAddress.newBuilder()
                                    .setServerListenerName(internal.listenerName())
                                    .setEndpointId(internal.endpointId()));
        }
        return to;
    }

    private static AttributeContext.Request.Builder request(Question.Http http) {
        long started = http.info().startTimeMillis();
        AttributeContext.HttpRequest.Builder to = AttributeContext.HttpRequest.newBuilder();
        Headers all = http.all();
        to.setId(Long.toUnsignedString(http.info().random));
        to.setMethod(Utf8.of(all.getOr(HeaderName.METHOD, "")));
        to.setPath(Utf8.of(all.getOr(HeaderName.PATH, "")));
        to.setHost(Utf8.of(all.getOr(HeaderName.AUTHORITY, "")));
        to.setScheme(Utf8.of(all.getOr(HeaderName.SCHEME, "")));
        to.setSize(http.info().bytesReceived);
        if (http.info().protocol() != null) {
            to.setProtocol(http.info().protocol().text());
        }
        if (http.raw()) {
            to.setHeaderMap(rawHeaders(http));
        } else {
            to.putAllHeaders(headers(http));
        }
        byte[] body = http.body();
        if (body != null && http.bodyAsBytes()) {
            to.setRawBody(ByteString.copyFrom(body));
        } else if (body != null) {
            to.setBody(Utf8.of(new String(body, StandardCharsets.ISO_8859_1)));
        }
        return AttributeContext.Request.newBuilder()
                .setTime(
                        Timestamp.newBuilder()
                                .setSeconds(started / 1000)
                                .setNanos((int) (started % 1000) * 1_000_000))
                .setHttp(to);
    }

    private static HeaderMap.Builder rawHeaders(Question.Http http) {
        HeaderMap.Builder map = HeaderMap.newBuilder();
        Headers headers = http.headers();
        for (int i = 0; i < headers.size(); i++) {
            map.addHeaders(raw(headers.name(i), headers.value(i)));
        }
        if (http.body() != null) {
            map.addHeaders(raw(PARTIAL_BODY, String.valueOf(http.partial())));
        }
        return map;
    }

    private static HeaderValue.Builder raw(String name, String octets) {
        return HeaderValue.newBuilder()
                .setKey(name)
                .setRawValue(ByteString.copyFrom(octets, StandardCharsets.ISO_8859_1));
    }

    private static Map<String, String> headers(Question.Http http) {
        Map<String, String> map = new LinkedHashMap<>();
        Headers headers = http.headers();
        for (int i = 0; i < headers.size(); i++) {
            map.merge(headers.name(i), Utf8.of(headers.value(i)), (one, next) -> one + "," + next);
        }
        if (http.body() != null) {
            map.put(PARTIAL_BODY, String.valueOf(http.partial()));
        }
        return map;
    }

    private static io.envoyproxy.envoy.config.core.v3.Metadata metadata(Metadata metadata) {
        var to = io.envoyproxy.envoy.config.core.v3.Metadata.newBuilder();
        metadata.filterMetadata().forEach((name, struct) -> to.putFilterMetadata(name, of(struct)));
        metadata.typed()
                .forEach((name, message) ->
                        to.putTypedFilterMetadata(
                                name,
                                Any.newBuilder()
                                        .setTypeUrl(message.typeUrl())
                                        .setValue(ByteString.copyFrom(message.message()))
                                        .build()));
        return to.build();
    }

    private static Struct of(MetadataValue.Struct struct) {
        Struct.Builder to = Struct.newBuilder();
        struct.fields().forEach((name, value) -> to.putFields(name, of(value)));
        return to.build();
    }

    private static Value of(MetadataValue value) {
        Value.Builder to = Value.newBuilder();
        return switch (value) {
            case MetadataValue.Text text -> to.setStringValue(text.value()).build();
            case MetadataValue.Number number -> to.setNumberValue(number.value()).build();
            case MetadataValue.Bool bool -> to.setBoolValue(bool.value()).build();
            case MetadataValue.Struct struct -> to.setStructValue(of(struct)).build();
            case MetadataValue.Sequence sequence -> {
                ListValue.Builder list = ListValue.newBuilder();
                sequence.values().forEach(each -> list.addValues(of(each)));
                yield to.setListValue(list).build();
            }
            case MetadataValue.Null none -> to.setNullValue(NullValue.NULL_VALUE).build();
        };
    }

    /** A {@code CheckResponse}; null where the bytes are none. */
    public static @Nullable Decision response(byte[] bytes) {
        CheckResponse response;
        DeniedHttpResponse error;
        try {
            response = CheckResponse.parseFrom(bytes);
            error =
                    Overlay.of(response)
                            .sentMessage("error_response", DeniedHttpResponse.getDefaultInstance());
        } catch (InvalidProtocolBufferException e) {
            return null;
        }
        if (response.getStatus().getCode() == 0) {
            return ok(response);
        }
        return error != null
                ? refusal(Outcome.ERROR, 0, error, response)
                : refusal(Outcome.DENIED, 403, response.getDeniedResponse(), response);
    }

    @SuppressWarnings("deprecation") // where services still put their metadata
    private static Decision ok(CheckResponse response) {
        OkHttpResponse ok = response.getOkResponse();
        List<HeaderEdit> request = new ArrayList<>();
        List<HeaderEdit> toClient = new ArrayList<>();
        requestEdits(ok.getHeadersList(), request);
        boolean unknown = edits(ok.getResponseHeadersToAddList(), toClient);
        List<Decision.QueryValue> query = new ArrayList<>();
        ok.getQueryParametersToSetList()
                .forEach(each ->
                        query.add(
                                new Decision.QueryValue(
                                        Octets.of(each.getKey()), Octets.of(each.getValue()))));
        Struct metadata =
                ok.hasDynamicMetadata() ? ok.getDynamicMetadata() : response.getDynamicMetadata();
        return new Decision(
                Outcome.OK,
                0,
                request,
                List.copyOf(ok.getHeadersToRemoveList()),
                toClient,
                List.of(),
                query,
                ok.getQueryParametersToRemoveList().stream().map(Octets::of).toList(),
                "",
                MetadataValues.compile(metadata),
                unknown);
    }

    private static Decision refusal(
            Outcome outcome, int status, DeniedHttpResponse said, CheckResponse response) {
        List<HeaderEdit> headers = new ArrayList<>();
        replyEdits(said.getHeadersList(), headers);
        return new Decision(
                outcome,
                said.getStatus().getCodeValue() > 0 ? said.getStatus().getCodeValue() : status,
                List.of(),
                List.of(),
                List.of(),
                headers,
                List.of(),
                List.of(),
                Octets.of(said.getBody()),
                MetadataValues.compile(response.getDynamicMetadata()),
                false);
    }

    /** Of requests, where only {@code append} is looked at; {@link #edits} looks at more. */
    @SuppressWarnings("deprecation")
    private static void requestEdits(List<HeaderValueOption> options, List<HeaderEdit> into) {
        for (HeaderValueOption option : options) {
            HeaderEdit.Action action =
                    option.getAppend().getValue()
                            ? HeaderEdit.Action.APPEND_IF_THERE
                            : HeaderEdit.Action.SET;
            into.add(edit(option.getHeader(), action));
        }
    }

    /** Of an answer in the upstream's place: Envoy leaves out what is to be appended. */
    @SuppressWarnings("deprecation")
    private static void replyEdits(List<HeaderValueOption> options, List<HeaderEdit> into) {
        for (HeaderValueOption option : options) {
            if (!option.getAppend().getValue()) {
                into.add(edit(option.getHeader(), HeaderEdit.Action.ADD));
            }
        }
    }

    /** Of responses; true where one has an action that nobody knows. */
    private static boolean edits(List<HeaderValueOption> options, List<HeaderEdit> into) {
        boolean unknown = false;
        for (HeaderValueOption option : options) {
            unknown |=
                    option.getAppendAction() == HeaderValueOption.HeaderAppendAction.UNRECOGNIZED;
            into.add(edit(option.getHeader(), action(option)));
        }
        return unknown;
    }

    private static HeaderEdit edit(HeaderValue header, HeaderEdit.Action action) {
        return new HeaderEdit(Octets.of(header.getKey()), value(header), action);
    }

    private static String value(HeaderValue header) {
        return header.getRawValue().isEmpty()
                ? Octets.of(header.getValue())
                : header.getRawValue().toString(StandardCharsets.ISO_8859_1);
    }

    @SuppressWarnings("deprecation") // append is what most services send
    private static HeaderEdit.Action action(HeaderValueOption option) {
        if (option.hasAppend()) {
            return option.getAppend().getValue() ? HeaderEdit.Action.ADD : HeaderEdit.Action.SET;
        }
        return switch (option.getAppendAction()) {
            case APPEND_IF_EXISTS_OR_ADD -> HeaderEdit.Action.ADD;
            case ADD_IF_ABSENT -> HeaderEdit.Action.ADD_IF_ABSENT;
            case OVERWRITE_IF_EXISTS -> HeaderEdit.Action.SET_IF_THERE;
            case OVERWRITE_IF_EXISTS_OR_ADD, UNRECOGNIZED -> HeaderEdit.Action.SET;
        };
    }
}
