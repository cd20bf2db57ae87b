package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // the driver that FerretDB registers and uses
)

const (
	// FerretDB's names, from its internal/backends/sqlite/metadata.
	fileSuffix = ".sqlite"
	metaTable  = "_ferretdb_collections"
	docColumn  = "_ferretdb_sjson"
	idIndex    = "_id_"
)

// collection is one row of FerretDB's metadata table.
type collection struct {
	name, table string
	settings    settings
}

// settings is what FerretDB keeps of a collection, as JSON. What we do not
// change is carried as it is.
type settings struct {
	UUID            string     `json:"uuid"`
	Indexes         []indexRow `json:"indexes"`
	CappedSize      int64      `json:"cappedSize"`
	CappedDocuments int64      `json:"cappedDocuments"`
}

type indexRow struct {
	Name   string          `json:"name"`
	Key    json.RawMessage `json:"key"`
	Unique bool            `json:"unique"`
}

// open gives an SQLite handle of our own beside FerretDB's. It does not create
// the file: fs.ErrNotExist says that the database is not there.
func open(dir, db string) (*sql.DB, error) {
	if db == "" || strings.ContainsAny(db, `/\?#%`) {
		return nil, fmt.Errorf("%q is not a database name", db)
	}
	file := filepath.Join(dir, db+fileSuffix)
	if _, err := os.Stat(file); err != nil {
		return nil, err
	}
	q := pragmas()
	q.Set("mode", "rw")
	q.Set("_txlock", "immediate")
	h, err := sql.Open("sqlite", "file:"+filepath.ToSlash(file)+"?"+q.Encode())
	if err != nil {
		return nil, err
	}
	h.SetMaxOpenConns(1)
	return h, nil
}

// querier is what *sql.DB and *sql.Tx have in common here.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func collections(ctx context.Context, q querier) (_ []collection, err error) {
	rows, err := q.QueryContext(ctx, "SELECT name, table_name, settings FROM "+quote(metaTable)+" ORDER BY name")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var list []collection
	for rows.Next() {
		var c collection
		var text string
		if err := rows.Scan(&c.name, &c.table, &text); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(text), &c.settings); err != nil {
			return nil, fmt.Errorf("settings of collection %s: %w", c.name, err)
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

// names lists what the schema holds of a kind, table or index, as name → table.
func names(ctx context.Context, q querier, kind string) (_ map[string]string, err error) {
	rows, err := q.QueryContext(ctx, "SELECT name, tbl_name FROM sqlite_master WHERE type = ? AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'", kind)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	m := map[string]string{}
	for rows.Next() {
		var name, table string
		if err := rows.Scan(&name, &table); err != nil {
			return nil, err
		}
		m[name] = table
	}
	return m, rows.Err()
}

// quote makes an SQL identifier.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// idIndexName is the name of our index; FerretDB's begin with the table's name.
func idIndexName(table string) string { return "promethean_id_on_" + table }

// IndexIDs gives every collection of a database an index on _id that reading
// can use. FerretDB's own does not serve: it is on _ferretdb_sjson->"_id" where
// its statements say _ferretdb_sjson->'$._id', and SQLite uses an index on an
// expression only where the same expression is asked for. Without ours a find
// or an update by _id reads the whole collection.
//
// Call it after creating collections. It may run while the store is written to,
// does nothing where the index is there, and knows no error for a database that
// does not exist yet.
func (s *Server) IndexIDs(ctx context.Context, db string) (err error) {
	h, err := open(s.dir, db)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("store: index _id: %w", err)
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	if err := indexIDs(ctx, h); err != nil {
		return fmt.Errorf("store: index _id in %s: %w", db, err)
	}
	return nil
}

func indexIDs(ctx context.Context, h *sql.DB) error {
	list, err := collections(ctx, h)
	if err != nil {
		return err
	}
	have, err := names(ctx, h, "index")
	if err != nil {
		return err
	}
	for _, c := range list {
		if _, ok := have[idIndexName(c.table)]; ok {
			continue
		}
		// IF NOT EXISTS: two callers at once are both right.
		_, err := h.ExecContext(ctx, "CREATE INDEX IF NOT EXISTS "+quote(idIndexName(c.table))+
			" ON "+quote(c.table)+" ("+docColumn+"->'$._id')")
		if err == nil {
			continue
		}
		tables, nerr := names(ctx, h, "table")
		if nerr != nil {
			return errors.Join(err, nerr)
		}
		// Dropped since the list was read: nothing to index.
		if _, ok := tables[c.table]; ok {
			return fmt.Errorf("collection %s: %w", c.name, err)
		}
	}
	return nil
}
