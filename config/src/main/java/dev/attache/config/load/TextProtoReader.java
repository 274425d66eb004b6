package dev.attache.config.load;

import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text protobuf. The library's parser wants the types of expanded Anys beforehand, so the text is
 * searched for their names first and only those are loaded.
 */
final class TextProtoReader {
    private static final Pattern EXPANDED_ANY =
            Pattern.compile("\\[\\s*[\\w.\\-]+/([\\w.]+)\\s*\\]");

    private TextProtoReader() {}

    static void merge(String text, TypeRegistry types, Message.Builder into)
            throws TextFormat.ParseException {
        var named = com.google.protobuf.TypeRegistry.newBuilder();
        Matcher matcher = EXPANDED_ANY.matcher(text);
        while (matcher.find()) {
            types.findByName(matcher.group(1)).ifPresent(m -> named.add(m.getDescriptorForType()));
        }
        TextFormat.Parser.newBuilder().setTypeRegistry(named.build()).build().merge(text, into);
    }
}
