// In place of the catalog's image, which a node without a container registry can't have: its variables, its port, its database,
// and the answers that are asked for here. https://github.com/aws-containers/retail-store-sample-app/tree/main/src/catalog
package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/go-sql-driver/mysql"
)

type product struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Price int    `json:"price"`
}

// What an empty database is given.
var first = []product{
	{"d27cf49f-b689-4a75-a249-d373e0330bb5", "Pocket watch", 385},
	{"6d62d909-f957-430e-8689-b5129c0bb75e", "Wood watch", 50},
	{"808a2de1-1aaa-4c25-a9b9-6612e8f29a38", "Chronograph", 5100},
}

func variable(name string) string {
	value := os.Getenv("RETAIL_CATALOG_PERSISTENCE_" + name)
	if value == "" {
		log.Fatalf("RETAIL_CATALOG_PERSISTENCE_%s must be set", name)
	}
	return value
}

func open() (*sql.DB, error) {
	if provider := variable("PROVIDER"); provider != "mysql" {
		return nil, fmt.Errorf("RETAIL_CATALOG_PERSISTENCE_PROVIDER must be mysql, got %s", provider)
	}
	config := mysql.NewConfig()
	config.Net, config.Addr, config.DBName = "tcp", variable("ENDPOINT"), variable("DB_NAME")
	config.User, config.Passwd = variable("USER"), variable("PASSWORD")
	config.Timeout = 5 * time.Second
	connector, err := mysql.NewConnector(config)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}

func migrate(db *sql.DB) error {
	statement := "CREATE TABLE IF NOT EXISTS products (id VARCHAR(40) PRIMARY KEY, name VARCHAR(64), price INT)"
	if _, err := db.Exec(statement); err != nil {
		return err
	}
	for _, it := range first {
		if _, err := db.Exec("INSERT IGNORE INTO products VALUES (?, ?, ?)", it.ID, it.Name, it.Price); err != nil {
			return err
		}
	}
	return nil
}

func products(db *sql.DB) ([]product, error) {
	rows, err := db.Query("SELECT id, name, price FROM products ORDER BY name")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := []product{}
	for rows.Next() {
		var it product
		if err := rows.Scan(&it.ID, &it.Name, &it.Price); err != nil {
			return nil, err
		}
		found = append(found, it)
	}
	return found, rows.Err()
}

func main() {
	db, err := open()
	if err != nil {
		log.Fatal(err)
	}
	if err := migrate(db); err != nil {
		log.Fatalf("the database at %s can't be prepared: %v", variable("ENDPOINT"), err)
	}
	http.HandleFunc("GET /health", func(response http.ResponseWriter, _ *http.Request) { fmt.Fprintln(response, "OK") })
	http.HandleFunc("GET /catalog/products", func(response http.ResponseWriter, _ *http.Request) {
		found, err := products(db)
		if err != nil {
			http.Error(response, err.Error(), http.StatusInternalServerError)
			return
		}
		response.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(response).Encode(found)
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
