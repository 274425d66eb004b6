package dev.attache.xds;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One resource as it arrived. The body is not unpacked: whoever watches compares its bytes with
 * those it already has and parses only what changed. Immutable.
 *
 * @param name the resource's name
 * @param aliases other names it answers to (virtual hosts on demand)
 * @param version its own version (incremental), or the version of the response it came in
 * @param body the message as received; {@link Any#getDefaultInstance()} for an alias that the
 *     control plane could not resolve
 * @param ttl how long it lives without being refreshed, or null for ever
 */
public record XdsResource(
        String name, List<String> aliases, String version, Any body, @Nullable Duration ttl) {

    public XdsResource {
        aliases = List.copyOf(aliases);
    }

    /**
     * Whether both carry the very same bytes, so that adopting one over the other changes nothing.
     */
    public boolean sameBody(XdsResource other) {
        return body.getValue().equals(other.body.getValue())
                && body.getTypeUrl().equals(other.body.getTypeUrl());
    }

    /**
     * Reads the name of a discovery resource without parsing it. Every resource type of Envoy's API
     * holds its name in field 1; an unset name reads as the empty string.
     *
     * @throws InvalidProtocolBufferException if the bytes are no protobuf message
     */
    public static String nameOf(ByteString message) throws InvalidProtocolBufferException {
        CodedInputStream in = message.newCodedInput();
        String name = "";
        try {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (WireFormat.getTagFieldNumber(tag) == 1
                        && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                    name = in.readStringRequireUtf8();
                } else {
                    in.skipField(tag);
                }
            }
        } catch (InvalidProtocolBufferException e) {
            throw e;
        } catch (IOException e) {
            throw new InvalidProtocolBufferException(e);
        }
        return name;
    }
}
