package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
)

// What the stand-in for AWS knows of a resource, as far as a node asks for it: local/aws/records.ts writes it.
type record struct {
	ID         string `json:"id"`
	Properties struct {
		// Of an access point.
		FileSystemID  string `json:"fileSystemId"`
		RootDirectory struct {
			Path         string `json:"path"`
			CreationInfo struct {
				OwnerUID    int    `json:"ownerUid"`
				OwnerGID    int    `json:"ownerGid"`
				Permissions string `json:"permissions"`
			} `json:"creationInfo"`
		} `json:"rootDirectory"`
		// Of a disk, in GiB.
		Size int64 `json:"size"`
	} `json:"properties"`
}

// permissions of what an access point makes.
func (it record) permissions() (os.FileMode, error) {
	mode, err := strconv.ParseUint(it.Properties.RootDirectory.CreationInfo.Permissions, 8, 32)
	return os.FileMode(mode), err
}

// find looks a resource up by its id.
func find(file, id string) (record, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return record{}, err
	}
	var records []record
	if err := json.Unmarshal(content, &records); err != nil {
		return record{}, err
	}
	for _, it := range records {
		if it.ID == id {
			return it, nil
		}
	}
	return record{}, fmt.Errorf("there is no %s in AWS", id)
}
