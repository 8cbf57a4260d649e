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
	text := it.Properties.RootDirectory.CreationInfo.Permissions
	bits, err := strconv.ParseUint(text, 8, 32)
	if err != nil || bits > 0o7777 {
		return 0, fmt.Errorf("%s: permissions must be an octal number up to 7777, got %q", it.ID, text)
	}
	mode := os.FileMode(bits & 0o777)
	// Go has these three in other places: https://pkg.go.dev/io/fs#FileMode
	for bit, flag := range map[uint64]os.FileMode{0o4000: os.ModeSetuid, 0o2000: os.ModeSetgid, 0o1000: os.ModeSticky} {
		if bits&bit != 0 {
			mode |= flag
		}
	}
	return mode, nil
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
