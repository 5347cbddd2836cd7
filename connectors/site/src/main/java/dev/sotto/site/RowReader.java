package dev.sotto.site;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A format of data files. Stateless. */
interface RowReader {
    /** One row's cells. */
    interface Row {
        /** The text in a column; null if the row has none there. */
        @Nullable
        String value(String column);

        /**
         * The entities in a column; null if the row has none there, which is not the same as an empty list.
         *
         * @throws DataException if what is there are no entities
         */
        @Nullable
        List<NamedSpan> entities(String column);
    }

    /** Receives a file's rows in order. */
    interface Rows {
        /** A row. */
        void row(long line, Row row);

        /** A row that is not one. */
        void bad(long line, String reason);
    }

    /**
     * Reads all rows.
     *
     * @param required columns that the file must have, where it names its columns once for all rows
     * @param labels columns of which it must then have one at least
     * @throws DataException if no row after a certain place can be read
     */
    void read(InputStream in, Set<String> required, Set<String> labels, Rows rows) throws IOException;
}
