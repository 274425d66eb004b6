package dev.attache.filters.matching.http_inputs;

import com.github.xds.type.matcher.v3.HttpAttributesCelMatchInput;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.stream.HttpMatchData;
import dev.attache.proxy.stream.HttpMatchInput;

/** All that is known of a request, for the matcher that asks it by an expression. */
public final class CelDataInputFactory
        implements ExtensionCompiler<HttpAttributesCelMatchInput, HttpMatchInput> {
    @Override
    public HttpAttributesCelMatchInput prototype() {
        return HttpAttributesCelMatchInput.getDefaultInstance();
    }

    @Override
    public Compiled<HttpMatchInput> compile(
            HttpAttributesCelMatchInput proto, CompileContext context) {
        return context.result(Everything.EVERYTHING);
    }

    private enum Everything implements HttpMatchInput {
        EVERYTHING;

        @Override
        public Object get(HttpMatchData data) {
            return data;
        }

        @Override
        public String kind() {
            return "cel_data_input";
        }
    }
}
